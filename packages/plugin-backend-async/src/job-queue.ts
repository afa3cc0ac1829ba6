import type { FileReference } from '@latent-image/kernel'

/** What is to be done, as plain JSON: it may travel to another process. */
export interface Order {
  readonly file: FileReference
  /** The claim to make the file. */
  readonly token: string
  /** How many attempts have failed before this one. */
  readonly attempt: number
}

/** An order with what a queue has to know of it. */
export interface Job {
  /** The same for every order of one file. */
  readonly id: string
  readonly order: Order
  /** Higher ones go first. */
  readonly priority: number
  /** Milliseconds before which it is not begun. */
  readonly delay: number
}

/**
 * Keeps jobs until there is room to work on them. What a queue on Redis, SQS or RabbitMQ implements; one in this process
 * hands on the very object that it was given as `order`.
 */
export interface JobQueue {
  /**
   * Accepts a job, which is then worked on, also if others were rejected meanwhile. Jobs of a higher priority are begun
   * first, equal ones in the order of their arrival. A job that waits under the same id gets the new order in its place,
   * since an order is void once there is a later one; it then has the higher priority and the shorter delay of the two.
   * One that is worked on already is done again afterwards or beside it; it has the higher of the two priorities as well,
   * and is accepted even by a full queue, since it may be the next attempt of a job that was accepted.
   *
   * Rejects with `QUEUE_FULL`, and with any other error where the job was not accepted.
   */
  add(job: Job): Promise<void>
  /** Gives a job this priority, where it has a lower one; without effect where there is no such job. Not every queue can. */
  raise?(id: string, priority: number): void
  /** Resolves when nothing waits and nothing is worked on. Only for queues that live in this process. */
  idle?(): Promise<void>
  /** Drops what waits, and tells it; jobs are rejected from then on. Only for queues that live in this process. */
  drop?(): readonly Order[]
  /** Begins no other job and resolves when those under way are done. Jobs are rejected from then on. */
  close(): Promise<void>
}

/**
 * Does a job, and sees to further attempts itself. Rejects with a fault of the machine where it could not: the queue should
 * keep the order then, and have it done later. With any other error the order is refused for good.
 */
export type Work = (order: Order) => Promise<void>

/** Makes a queue that hands its jobs to `work`, a limited number at a time. It does not connect before it is used. */
export type CreateQueue = (work: Work) => JobQueue
