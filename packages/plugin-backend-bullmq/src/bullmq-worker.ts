import { setTimeout } from 'node:timers/promises'
import type { KernelEvents } from '@latent-image/kernel'
import type { Order, Work } from '@latent-image/plugin-backend-async'
import { Worker } from 'bullmq'
import { connectToWork, type WorkConnection } from './connections.ts'
import type { CheckedOptions } from './options.ts'
import { parseOrder } from './order.ts'

export interface BullmqWorkerOptions extends CheckedOptions {
  readonly work: Work
  readonly events: KernelEvents
  /** Of the plugin. */
  readonly name: string
  /** Jobs in work at a time. */
  readonly concurrency: number
}

/** Milliseconds. A worker that dies keeps its jobs for the sum of both; one that stalls so long loses them. */
const lockDuration = 8_000
const stalledInterval = 4_000

/** How many workers a job may bring down before it is given up. */
const maxStalledCount = 3

/** Milliseconds for which a worker tries to tell Redis what it has done, when it is closed. */
const farewell = 1_000

/** BullMQ renews the locks of its jobs for ever where it was closed while Redis was away. */
class EndingWorker extends Worker<Order> {
  endLocks(): Promise<void> {
    return this.lockManager.close()
  }
}

/** The side of a BullMQ queue that works on its jobs. */
export class BullmqWorker {
  readonly #connection: WorkConnection
  readonly #worker: EndingWorker
  readonly #underWay = new Set<Promise<void>>()
  #isDown = false

  constructor({ work, events, name, concurrency, connection, queue, prefix }: BullmqWorkerOptions) {
    const warn = (message: string, error: unknown) => events.emit('warning', { message, error, plugin: name })
    this.#connection = connectToWork(connection)
    const { redis } = this.#connection
    redis.on('ready', () => {
      this.#isDown = false
    })
    this.#worker = new EndingWorker(queue, ({ data }) => this.#track(async () => work(parseOrder(data, queue))), {
      connection: redis,
      prefix,
      concurrency,
      lockDuration,
      stalledInterval,
      maxStalledCount,
      runRetryDelay: 500,
    })
    this.#worker.on('failed', (_, error) => warn(`A job of the queue \`${queue}\` was given up.`, error))
    this.#worker.on('error', (error) => {
      if (!this.#isDown) warn(`The queue \`${queue}\` cannot be worked on at present.`, error)
      this.#isDown = true
    })
  }

  /**
   * Takes no other job, and resolves when those under way are done or the limit is over. What is not done by then goes to
   * another worker.
   *
   * @param limit - Milliseconds.
   */
  async close(limit = 10_000): Promise<void> {
    const closed = this.#worker.close().catch(() => {})
    await Promise.race([Promise.allSettled(this.#underWay), wait(limit)])
    // BullMQ waits for Redis as long as that is away.
    await Promise.race([closed, wait(farewell)])
    this.#connection.disconnect()
    await this.#worker.endLocks()
  }

  #track(work: () => Promise<void>): Promise<void> {
    const job = work().finally(() => this.#underWay.delete(job))
    this.#underWay.add(job)
    return job
  }
}

function wait(milliseconds: number): Promise<void> {
  return setTimeout(milliseconds, undefined, { ref: false })
}
