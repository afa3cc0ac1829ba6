import PQueue from 'p-queue'
import { errors } from './errors.ts'
import type { Job, JobQueue, Order, Work } from './job-queue.ts'

export interface ProcessQueueOptions {
  readonly work: Work
  /** Jobs in work at a time. */
  readonly concurrency: number
  /** Jobs that may wait. */
  readonly limit: number
}

/** A job that waits, or is worked on. */
interface Accepted {
  readonly id: string
  order: Order
  priority: number
  /** When it may be begun, on the clock of `performance`. */
  due: number
}

/** A queue in the memory of this process: what waits in it is lost when the process ends. */
export class ProcessQueue implements JobQueue {
  readonly #gate: PQueue
  readonly #work: Work
  readonly #limit: number
  readonly #waiting = new Map<string, Accepted>()
  /** Of waiting jobs that may not be begun yet; the others are at the gate. */
  readonly #delays = new Map<string, NodeJS.Timeout>()
  readonly #underWay = new Set<Accepted>()
  readonly #idleListeners: (() => void)[] = []
  #closed = false

  constructor({ work, concurrency, limit }: ProcessQueueOptions) {
    this.#gate = new PQueue({ concurrency })
    this.#work = work
    this.#limit = limit
  }

  async add({ id, order, priority, delay }: Job): Promise<void> {
    if (this.#closed) throw errors.QUEUE_CLOSED({})
    const due = performance.now() + delay
    const waiting = this.#waiting.get(id)
    if (waiting) {
      waiting.order = order
      this.raise(id, priority)
      if (due < waiting.due) this.#enqueueAt(waiting, due)
      return
    }
    const underWay = this.#findUnderWay(id)
    if (!underWay && this.#waiting.size >= this.#limit) throw errors.QUEUE_FULL({ limit: this.#limit })
    const accepted = { id, order, priority: Math.max(priority, underWay?.priority ?? priority), due }
    this.#waiting.set(id, accepted)
    this.#enqueueAt(accepted, due)
  }

  raise(id: string, priority: number): void {
    const accepted = this.#waiting.get(id) ?? this.#findUnderWay(id)
    // The gate would put it behind those of an equal priority.
    if (!accepted || priority <= accepted.priority) return
    accepted.priority = priority
    if (this.#waiting.has(id) && !this.#delays.has(id)) this.#gate.setPriority(id, priority)
  }

  async idle(): Promise<void> {
    if (!this.#isIdle) await new Promise<void>((resolve) => this.#idleListeners.push(resolve))
  }

  drop(): readonly Order[] {
    this.#closed = true
    const dropped = Array.from(this.#waiting.values(), ({ order }) => order)
    for (const timer of this.#delays.values()) clearTimeout(timer)
    this.#delays.clear()
    this.#waiting.clear()
    this.#gate.clear()
    this.#tellIfIdle()
    return dropped
  }

  async close(): Promise<void> {
    this.drop()
    await this.idle()
  }

  #findUnderWay(id: string): Accepted | undefined {
    return [...this.#underWay].find((accepted) => accepted.id === id)
  }

  #enqueueAt(accepted: Accepted, due: number): void {
    const { id, priority } = accepted
    clearTimeout(this.#delays.get(id))
    this.#delays.delete(id)
    accepted.due = due
    const delay = due - performance.now()
    if (delay > 0)
      this.#delays.set(
        id,
        setTimeout(() => this.#enqueueAt(accepted, 0), delay),
      )
    else void this.#gate.add(() => this.#begin(accepted), { id, priority })
  }

  async #begin(accepted: Accepted): Promise<void> {
    if (!this.#waiting.delete(accepted.id)) return
    this.#underWay.add(accepted)
    try {
      await this.#work(accepted.order)
    } catch {
      // Refused for good, and reported by whoever refused it; or over, since the queue is closed.
    } finally {
      this.#underWay.delete(accepted)
      this.#tellIfIdle()
    }
  }

  get #isIdle(): boolean {
    return this.#waiting.size === 0 && this.#underWay.size === 0
  }

  #tellIfIdle(): void {
    if (!this.#isIdle) return
    for (const tell of this.#idleListeners.splice(0)) tell()
  }
}
