import { setTimeout } from 'node:timers/promises'
import { isLatentImageError, type KernelEvents } from '@latent-image/kernel'
import type { Order, Work } from '@latent-image/plugin-backend-async'
import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq'
import { keptFailures } from './bullmq-queue.ts'
import { connectToWork, type WorkConnection } from './connections.ts'
import type { CheckedOptions } from './options.ts'
import { parseOrder } from './order.ts'
import { SteadyWorker } from './steady-worker.ts'

export interface BullmqWorkerOptions extends CheckedOptions {
  readonly work: Work
  /** Ends what an order asks for whose job brought down whoever worked on it. */
  readonly giveUp: Work
  readonly events: KernelEvents
  /** Of the plugin. */
  readonly name: string
  /** Jobs in work at a time. */
  readonly concurrency: number
}

/** Milliseconds. A worker that dies keeps its jobs for the sum of both; one that stalls so long loses them. */
const lockDuration = 6_000
const stalledInterval = 3_000

/** How many workers a job may bring down before it is given up. */
const maxStalledCount = 3

/** Milliseconds before a job is begun again of which a worker could not see to the next attempt. */
const pauseOfKept = 5_000

/** Milliseconds before another try, where there is a Redis but none that can be worked with. */
const firstPause = 1_000
const longestPause = 30_000

/** Milliseconds for which a worker tries to tell Redis what it has done, when it is closed. */
const farewell = 1_000

/** The side of a BullMQ queue that works on its jobs. */
export class BullmqWorker {
  readonly #options: BullmqWorkerOptions
  readonly #closing = new AbortController()
  readonly #underWay = new Set<Promise<void>>()
  /** How errors began since Redis last answered as it should (it puts their kind first): what goes on is told once. */
  readonly #told = new Set<string>()
  #connection: WorkConnection
  #worker: SteadyWorker

  constructor(options: BullmqWorkerOptions) {
    this.#options = options
    this.#connection = this.#connect()
    this.#worker = this.#makeWorker()
    void this.#run()
  }

  /**
   * Takes no other job, and resolves when those under way are done or the limit is over. What is not done by then goes to
   * another worker.
   *
   * @param limit - Milliseconds.
   */
  async close(limit = 10_000): Promise<void> {
    this.#closing.abort()
    const closed = this.#worker.close().catch(() => {})
    await Promise.race([Promise.allSettled(this.#underWay), wait(limit)])
    // BullMQ waits for Redis as long as that is away.
    await Promise.race([closed, wait(farewell)])
    this.#connection.disconnect()
    await this.#worker.endLocks()
  }

  /** Works until it is closed. BullMQ's worker never recovers where it could not be made ready, so another one is made. */
  async #run(): Promise<void> {
    const { signal } = this.#closing
    for (let pause = firstPause; !signal.aborted; pause = Math.min(2 * pause, longestPause)) {
      try {
        await this.#worker.waitUntilReady()
        if (!signal.aborted) await this.#worker.run()
        return
      } catch (error) {
        if (signal.aborted) return
        this.#tell(error)
        this.#connection.disconnect()
        await setTimeout(pause, undefined, { signal }).catch(() => undefined)
      }
      if (signal.aborted) return
      this.#connection = this.#connect()
      this.#worker = this.#makeWorker()
    }
  }

  #connect(): WorkConnection {
    const { connection, events, name, queue } = this.#options
    return connectToWork(connection, {
      lost: (error) => {
        // A worker that closes ends its connections.
        if (!this.#closing.signal.aborted) events.emit('queueUnavailable', { plugin: name, queue, error })
      },
      restored: () => events.emit('queueRestored', { plugin: name, queue }),
    })
  }

  #makeWorker(): SteadyWorker {
    const { queue, prefix, concurrency } = this.#options
    const { redis } = this.#connection
    const settings = {
      connection: redis,
      prefix,
      concurrency,
      lockDuration,
      stalledInterval,
      maxStalledCount,
      // Of jobs that others added.
      removeOnComplete: { count: 0 },
      removeOnFail: keptFailures,
    }
    const answered = () => this.#told.clear()
    const worker = new SteadyWorker(queue, (job, token) => this.#track(this.#process(job, token)), settings, answered)
    worker.on('failed', (job, error) => {
      this.#warn('A job of the queue `{queue}` was given up.', error.cause ?? error)
      if (job?.deferredFailure) void this.#track(this.#giveUp(job))
    })
    worker.on('error', (error) => {
      // An outage is told as such, and it may begin with an error of the system.
      if (this.#connection.isUp && !('syscall' in error)) this.#tell(error)
    })
    return worker
  }

  async #process(job: Job<Order>, token?: string): Promise<void> {
    const { work, queue } = this.#options
    if (this.#closing.signal.aborted) {
      // It came while the worker was being closed.
      await job.moveToWait(token)
      throw new WaitingError()
    }
    try {
      await work(parseOrder(job.data, queue))
    } catch (cause) {
      if (isLatentImageError(cause) && cause.fault === 'machine') {
        await job.moveToDelayed(Date.now() + pauseOfKept, token)
        throw new DelayedError()
      }
      // Whatever the job's own options say: what is refused is refused for good.
      const { message } = cause instanceof Error ? cause : new Error(String(cause))
      throw Object.assign(new UnrecoverableError(message), { cause })
    }
  }

  async #giveUp({ data }: Job<Order>): Promise<void> {
    const { giveUp, queue } = this.#options
    try {
      await giveUp(parseOrder(data, queue))
    } catch (error) {
      this.#warn('A file of the queue `{queue}` could not be given up.', error)
    }
  }

  #tell(error: unknown): void {
    const [kind = ''] = String(error instanceof Error ? error.message : error).split(' ', 1)
    if (!this.#told.has(kind)) this.#warn('The queue `{queue}` cannot be worked on as it should be.', error)
    this.#told.add(kind)
  }

  #warn(message: string, error: unknown): void {
    const { events, name, queue } = this.#options
    events.emit('warning', { message: message.replace('{queue}', queue), error, plugin: name })
  }

  #track(work: Promise<void>): Promise<void> {
    const job = work.finally(() => this.#underWay.delete(job))
    this.#underWay.add(job)
    return job
  }
}

function wait(milliseconds: number): Promise<void> {
  return setTimeout(milliseconds, undefined, { ref: false })
}
