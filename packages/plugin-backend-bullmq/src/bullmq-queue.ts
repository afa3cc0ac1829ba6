import { createHash } from 'node:crypto'
import { type Job, type JobQueue, type Order, errors as queueErrors } from '@latent-image/plugin-backend-async'
import { type JobsOptions, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { connected, connectToSchedule } from './connections.ts'
import { errors } from './errors.ts'
import type { CheckedOptions } from './options.ts'
import { Patience } from './patience.ts'

/** How many failed jobs stay to be looked at. Our own state remembers failures, so they are of no other use. */
export const keptFailures = { count: 1_000 }

/** Without it, a token could be one of BullMQ's own keys. */
const idPrefix = 'order-'

/** Others that ask for the same file, or work on it, may change its job whenever it is looked at; but not for ever. */
const mostTries = 20

/** BullMQ's priorities go from 1 to 2^21, and the lowest number goes first. */
const middlePriority = 2 ** 20
const furthest = middlePriority - 1

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
    const { id, priority } = job
    if (Math.abs(priority) > furthest) {
      const problem = `it is ${priority}, and BullMQ has none beyond ${furthest}`
      throw queueErrors.INVALID_PRIORITY({ file: `\`${id}\``, problem })
    }
    await this.#patience.waitFor(() => this.#add(job))
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#redis?.disconnect()
  }

  async #add(job: Job): Promise<void> {
    const queue = await this.#open()
    for (let tries = 0; tries < mostTries; tries++) {
      const id = await this.#send(queue, job)
      if (id === jobIdOf(job.order) || (await this.#isHandedOn(queue, id, job))) return
    }
    throw new Error('another job for the same file changed whenever it was looked at')
  }

  /** Resolves to the id of the job that Redis has for the file: this one, or one that was there. */
  async #send(queue: Queue<Order>, job: Job, rank = rankOf(job)): Promise<string> {
    const { id } = await queue.add('generate', job.order, jobOptions(job, rank))
    this.#patience.answered()
    if (!id?.startsWith(idPrefix)) throw new Error('Redis answered what makes no sense')
    return id
  }

  /** Gives an order to the job that is there. Resolves to whether it will be followed; if not, all has changed meanwhile. */
  async #isHandedOn(queue: Queue<Order>, id: string, job: Job): Promise<boolean> {
    try {
      const found = await queue.getJob(id)
      if (!found) return false
      const rank = Math.min(rankOf(job), found.priority)
      // BullMQ keeps the order to follow the one that is worked on.
      if (await found.isActive()) {
        return [id, jobIdOf(job.order)].includes(await this.#send(queue, job, rank))
      }
      await found.updateData(job.order)
      if (rank < found.priority) await found.changePriority({ priority: rank })
      // Delayed still, so that whoever begins it has the new order.
      const isDelayed = await found.isDelayed()
      if (isDelayed && job.delay <= 0) await found.promote()
      else if (isDelayed && Date.now() + job.delay < found.timestamp + found.delay) await found.changeDelay(job.delay)
      return isDelayed || !(await found.isActive())
    } catch (error) {
      if (isOvertaken(error)) return false
      throw error
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
      await queue.close()
      throw error
    }
  }
}

function jobOptions({ id, order, delay }: Job, priority: number): JobsOptions {
  return {
    jobId: jobIdOf(order),
    deduplication: { id: createHash('sha256').update(id).digest('base64url'), keepLastIfActive: true },
    delay,
    priority,
    removeOnComplete: true,
    removeOnFail: keptFailures,
  }
}

/** A job's priority as BullMQ counts it. */
function rankOf({ priority }: Job): number {
  return middlePriority - Math.round(priority)
}

/** BullMQ tells by a negative code that a job has ended, or gone elsewhere, since it was looked at. */
function isOvertaken(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return typeof code === 'number' && code < 0
}

/** A claim makes one job, however often it is sent. */
function jobIdOf({ token }: Order): string {
  return `${idPrefix}${token}`
}
