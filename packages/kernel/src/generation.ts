import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { EventEmitter } from 'eventemitter3'
import type { FileState } from './contracts/state-cache.ts'
import { errors } from './error-catalogue.ts'
import { isLatentImageError } from './errors.ts'
import type { FileRecord } from './file-record.ts'
import type { GenerateOrder } from './hooks.ts'
import type { ImageCacheFile } from './image-cache-file.ts'
import type { Kernel } from './kernel.ts'
import { registered } from './registered-generator.ts'
import { isFresh } from './state.ts'

export type Outcome = 'exists' | 'generated' | 'scheduled'

export interface GenerateOptions {
  /** Make the file anew even if it exists; old bytes stay until the new ones replace them. @default false */
  readonly force?: boolean
  /** When aborted, this caller stops waiting; the work goes on. */
  readonly signal?: AbortSignal
}

/** What the kernel itself may wish for beside. */
interface Wish {
  /** A reader waits for it. */
  readonly isAwaited?: boolean
  /** Fresh bytes are not enough. */
  readonly needsFacts?: boolean
}

/** Milliseconds between two looks at a file that another process makes: at first, and at the most. */
const firstPause = 25
const longestPause = 500
// Every loss of a claim is another one's gain, so this many are a cache that does not work.
const mostTries = 100
// A backend that leaves its work undone this many times does not work.
const mostOrders = 3

/** Single flight: however many ask for one file, in this process or others, it is made once. */
export class Generation {
  readonly #kernel: Kernel
  readonly #flights = new Map<string, Promise<Outcome>>()
  readonly #notices = new EventEmitter()

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  async generate(file: ImageCacheFile, { signal, ...wish }: GenerateOptions & Wish): Promise<Outcome> {
    signal?.throwIfAborted()
    // What is in hand when a kernel is told to close may need more.
    if (this.#kernel.signal.aborted) throw errors.KERNEL_CLOSED({ file: file.label })
    return stopWaiting(this.#begin(file, wish), signal)
  }

  async #begin(file: ImageCacheFile, wish: GenerateOptions & Wish): Promise<Outcome> {
    if (wish.force) await this.invalidate(file.record)
    return this.#join(file, wish)
  }

  /** Marks a file stale and takes the work away; whoever asks from now on does not get what was begun before. */
  async invalidate(record: FileRecord): Promise<void> {
    await record.invalidate().finally(() => this.#forget(record))
  }

  /** Removes a file, and what was made from it; whoever asks from now on does not get what was begun before. */
  async drop(record: FileRecord): Promise<void> {
    await this.#kernel.track(record.drop()).finally(() => this.#forget(record))
    this.#kernel.events.emit('deleted', { name: record.name })
    await this.#kernel.changes.replaced(record.name)
  }

  #forget({ key, sourceName }: FileRecord): void {
    this.#flights.delete(key)
    this.#kernel.reads.forget(sourceName)
  }

  #join(file: ImageCacheFile, wish: Wish): Promise<Outcome> {
    const key = `${wish.needsFacts ? 'facts|' : ''}${file.record.key}`
    const underWay = this.#flights.get(key)
    if (underWay) return underWay
    const work = this.#kernel.reads.during(file, () => this.#fly(file, wish))
    const flight = this.#kernel.track(work).finally(() => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    })
    this.#flights.set(key, flight)
    return flight
  }

  /** Something was learned of a file: those who wait for it look again. */
  noticed({ key }: FileRecord): void {
    this.#notices.emit(key)
  }

  /** Waits until what is known of a file ends the waiting, but not for longer than some milliseconds. */
  async wait(record: FileRecord, atMost: number, isOver: (known: FileState) => boolean): Promise<FileState> {
    const deadline = performance.now() + atMost
    for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
      const known = await record.look()
      const left = deadline - performance.now()
      if (left <= 0 || isOver(known)) return known
      await this.#pause(record.key, Math.min(pause, left))
    }
  }

  /** Other processes give no notice, so nobody waits for one for long. */
  async #pause(key: string, milliseconds: number): Promise<void> {
    const woken = new AbortController()
    const wake = () => woken.abort()
    this.#notices.once(key, wake)
    await delay(milliseconds, undefined, { signal: woken.signal }).catch(() => undefined)
    this.#notices.off(key, wake)
  }

  async #fly(file: ImageCacheFile, { needsFacts, isAwaited = false }: Wish): Promise<Outcome> {
    const { record, label } = file
    const { rules } = this.#kernel
    const isDone = (known: FileState) => isFresh(known) && !(needsFacts && !known.facts)
    const first = await record.look()
    if (isDone(first)) return 'exists'
    let orders = 0
    for (let tries = 0; tries < mostTries; tries++) {
      const isFree = (now: FileState) => !rules.isWorkedOn(now) || now.work?.scheduled === true
      const known = tries === 0 && isFree(first) ? first : await this.wait(record, rules.times.wait, isFree)
      if (isDone(known)) return 'generated'
      const failure = rules.failureOf(known)
      if (failure) throw failure
      if (rules.isWorkedOn(known)) {
        if (known.work?.scheduled) return 'scheduled'
        throw errors.GENERATION_TIMEOUT({ file: label, milliseconds: rules.times.wait })
      }
      if (orders > 0 && known.bytes === 'absent' && !known.stale) throw errors.FILE_DELETED({ file: label })
      // A derivative that is a source is made before the work is claimed: nothing inside `generate` waits for a file.
      await file.origin?.file?.bytes({ waitFor: 0 })
      const token = randomUUID()
      if (!(await record.claim(known, token))) continue
      orders += 1
      const answer = await this.#order(file, { token, isAwaited })
      if (answer === 'scheduled') return 'scheduled'
      // A claim may also be left over where a cache comes and goes.
      if ((await record.release(token)) && orders >= mostOrders) throw errors.BACKEND_IDLE({ file: label })
    }
    throw errors.STATE_CONFLICT({ name: record.name })
  }

  /** Hands claimed work to the backend. */
  async #order(file: ImageCacheFile, order: Omit<GenerateOrder, 'signal'>): Promise<'generated' | 'scheduled'> {
    const { token } = order
    const { record } = file
    const { events, signal } = this.#kernel
    const { backend, id } = registered(file.generator)
    try {
      const answer = await backend?.generate.promise(file, { ...order, signal })
      if (!answer) throw errors.MISSING_ROLE({ role: 'backend', subject: id })
      if (answer === 'scheduled') {
        await record.renew(token, { scheduled: true })
        events.emit('scheduled', { file })
      }
      return answer
    } catch (error) {
      await record.release(token)
      if (isLatentImageError(error)) this.#kernel.reportFailure(file, error)
      throw error
    }
  }
}

/** The promise, or the abortion of the caller's signal, whichever comes first. */
function stopWaiting<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return work
  // One of its own: a caller may use a single signal for any number of files.
  const own = AbortSignal.any([signal])
  return new Promise((resolve, reject) => {
    own.addEventListener('abort', () => reject(own.reason), { once: true })
    work.then(resolve, reject)
  })
}
