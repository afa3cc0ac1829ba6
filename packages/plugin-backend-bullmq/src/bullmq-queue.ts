import { createHash } from 'node:crypto'
import type { Job, JobQueue, Order } from '@latent-image/plugin-backend-async'
import { type JobsOptions, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { connected, connectToSchedule } from './connections.ts'
import { errors } from './errors.ts'
import type { CheckedOptions } from './options.ts'
import { Patience } from './patience.ts'

/** How many failed jobs stay to be looked at. Our own state remembers failures, so they are of no other use. */
const keptFailures = 1_000

/** BullMQ's priorities begin at 1, and the lowest number goes first. */
const middlePriority = 1_000_000

/** The side of a BullMQ queue that adds jobs. */
export class BullmqQueue implements JobQueue {
  readonly #options: CheckedOptions
  readonly #patience = new Patience()
  #redis: Redis | undefined
  #connecting: Promise<void> | undefined
  #queue: Promise<Queue<Order>> | undefined
  #closed = false

  constructor(options: CheckedOptions) {
    this.#options = options
  }

  async add(job: Job): Promise<void> {
    if (this.#closed) throw errors.QUEUE_CLOSED({ queue: this.#options.queue })
    await this.#patience.waitFor(() => this.#add(job))
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#redis?.disconnect()
  }

  async #add(job: Job): Promise<void> {
    const queue = await this.#open()
    const { order } = job
    for (let tries = 0; tries < 3; tries++) {
      const added = await queue.add('generate', order, this.#jobOptions(job))
      this.#patience.answered()
      if (added.id === jobIdOf(order)) return
      // There is a job of this id already. Where it is being worked on, BullMQ keeps this order to follow it; where it
      // waits, it gets the order. Where that has changed meanwhile, the order is added once more.
      const waiting = added.id === undefined ? undefined : await queue.getJob(added.id)
      if (!waiting) continue
      if (await waiting.isActive()) {
        await queue.add('generate', order, this.#jobOptions(job))
        return
      }
      await waiting.updateData(order)
      const { priority } = this.#jobOptions(job)
      if (priority && priority < waiting.priority) await waiting.changePriority({ priority })
      // Delayed still, so that whoever begins it has the new order.
      const isDelayed = await waiting.isDelayed()
      if (isDelayed && job.delay <= 0) await waiting.promote()
      if (isDelayed || !(await waiting.isActive())) return
    }
  }

  #jobOptions({ id, order, delay, priority }: Job): JobsOptions {
    return {
      jobId: jobIdOf(order),
      deduplication: { id: createHash('sha256').update(id).digest('base64url'), keepLastIfActive: true },
      delay,
      priority: Math.max(1, middlePriority - Math.round(priority)),
      removeOnComplete: true,
      removeOnFail: { count: keptFailures },
    }
  }

  /** The queue, once it can be used. BullMQ's would never recover from a connection that failed while it was made. */
  async #open(): Promise<Queue<Order>> {
    this.#redis ??= connectToSchedule(this.#options.connection)
    this.#connecting ??= connected(this.#redis).finally(() => {
      this.#connecting = undefined
    })
    await this.#connecting
    this.#patience.answered()
    this.#queue ??= this.#makeQueue(this.#redis)
    return this.#queue
  }

  async #makeQueue(connection: Redis): Promise<Queue<Order>> {
    const { queue: name, prefix } = this.#options
    const queue = new Queue<Order>(name, { connection, prefix, skipMetasUpdate: true })
    queue.on('error', () => {})
    try {
      await queue.waitUntilReady()
      return queue
    } catch (error) {
      this.#queue = undefined
      throw error
    }
  }
}

/** A claim makes one job, however often it is sent. Without a prefix a token could be one of BullMQ's own keys. */
function jobIdOf({ token }: Order): string {
  return `order-${token}`
}
