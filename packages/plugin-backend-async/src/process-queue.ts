import PQueue from 'p-queue'
import { errors } from './errors.ts'
import type { Job, JobQueue, Work } from './job-queue.ts'

export interface ProcessQueueOptions {
  readonly work: Work
  /** Jobs in work at a time. */
  readonly concurrency: number
  /** Jobs that may wait. */
  readonly limit: number
}

/** A queue in the memory of this process: what waits in it is lost when the process ends. */
export class ProcessQueue implements JobQueue {
  readonly #gate: PQueue
  readonly #work: Work
  readonly #limit: number
  readonly #waiting = new Map<string, Job>()
  /** Of waiting jobs that may not be begun yet; the others are at the gate. */
  readonly #delays = new Map<string, NodeJS.Timeout>()
  readonly #idleListeners: (() => void)[] = []
  #running = 0
  #closed = false

  constructor({ work, concurrency, limit }: ProcessQueueOptions) {
    this.#gate = new PQueue({ concurrency })
    this.#work = work
    this.#limit = limit
  }

  async add(job: Job): Promise<void> {
    if (this.#closed) throw errors.QUEUE_CLOSED({})
    const { id, delay } = job
    const waiting = this.#waiting.get(id)
    if (!waiting && this.#waiting.size >= this.#limit) throw errors.QUEUE_FULL({ limit: this.#limit })
    const priority = Math.max(job.priority, waiting?.priority ?? job.priority)
    this.#waiting.set(id, { ...job, priority })
    if (waiting && !this.#delays.has(id)) {
      // The gate would put it behind those of an equal priority.
      if (priority > waiting.priority) this.#gate.setPriority(id, priority)
      return
    }
    if (delay <= 0) this.#enqueue(id, priority)
    else if (!waiting) this.#enqueueLater(id, delay)
  }

  async idle(): Promise<void> {
    if (!this.#isIdle) await new Promise<void>((resolve) => this.#idleListeners.push(resolve))
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const timer of this.#delays.values()) clearTimeout(timer)
    this.#delays.clear()
    this.#waiting.clear()
    this.#gate.clear()
    this.#tellIfIdle()
    await this.idle()
  }

  #enqueueLater(id: string, delay: number): void {
    const enqueue = () => this.#enqueue(id, this.#waiting.get(id)?.priority)
    this.#delays.set(id, setTimeout(enqueue, delay))
  }

  #enqueue(id: string, priority = 0): void {
    clearTimeout(this.#delays.get(id))
    this.#delays.delete(id)
    void this.#gate.add(() => this.#begin(id), { id, priority })
  }

  async #begin(id: string): Promise<void> {
    const job = this.#waiting.get(id)
    if (!job) return
    this.#waiting.delete(id)
    this.#running++
    try {
      await this.#work(job.order)
    } catch {
      // Refused for good, and reported by whoever refused it.
    } finally {
      this.#running--
      this.#tellIfIdle()
    }
  }

  get #isIdle(): boolean {
    return this.#waiting.size === 0 && this.#running === 0
  }

  #tellIfIdle(): void {
    if (!this.#isIdle) return
    for (const tell of this.#idleListeners.splice(0)) tell()
  }
}
