import { setTimeout } from 'node:timers/promises'
import { type Job, type JobJson, type Processor, Worker, type WorkerOptions } from 'bullmq'

/** Milliseconds before Redis is asked for a job again, where its answer was an error. BullMQ would ask at once. */
const pauseAfterError = 1_000

/**
 * BullMQ's worker, without what it does for ever where Redis answers with errors, or is away when the worker closes. It
 * builds on what BullMQ does not document, so the package asks for one minor version of it.
 */
export class SteadyWorker extends Worker {
  readonly #closing = new AbortController()
  readonly #answered: () => void

  /** @param answered - Told whenever Redis answers as it should. */
  constructor(queue: string, process: Processor, options: WorkerOptions, answered: () => void) {
    // To be begun by `run` once it is ready: where it cannot become ready, its loop leaves the process no time.
    super(queue, process, { ...options, autorun: false })
    this.#answered = answered
    this.on('closing', () => this.#closing.abort())
  }

  /** BullMQ renews the locks of its jobs for ever where it was closed while Redis was away. */
  endLocks(): Promise<void> {
    return this.lockManager.close()
  }

  protected override async moveToActive(token: string, name?: string): Promise<Job> {
    try {
      const job = await super.moveToActive(token, name)
      this.#answered()
      return job
    } catch (error) {
      await setTimeout(pauseAfterError, undefined, { signal: this.#closing.signal }).catch(() => undefined)
      throw error
    }
  }

  /** What cannot be read is a job without data, refused as any other such: BullMQ would be given it again for ever. */
  protected override createJob(json: JobJson, id: string): Job {
    if (typeof json.name !== 'string') throw new Error('Redis answered what makes no sense')
    try {
      return super.createJob(json, id)
    } catch {
      return super.createJob({ ...json, data: 'null' }, id)
    }
  }
}
