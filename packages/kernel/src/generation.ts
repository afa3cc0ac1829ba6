import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { EventEmitter } from 'eventemitter3'
import type { FileState } from './contracts/state-cache.ts'
import { errors } from './error-catalogue.ts'
import { isLatentImageError } from './errors.ts'
import type { FileRecord } from './file-record.ts'
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

/** Milliseconds between two looks at a file that another process makes: at first, and at the most. */
const firstPause = 25
const longestPause = 500
// Every loss of a claim is another one's gain, so this many are a cache that does not work.
const mostTries = 100

/** Single flight: however many ask for one file, in this process or others, it is made once. */
export class Generation {
  readonly #kernel: Kernel
  readonly #flights = new Map<string, Promise<Outcome>>()
  readonly #notices = new EventEmitter()

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  async generate(file: ImageCacheFile, { force = false, signal }: GenerateOptions): Promise<Outcome> {
    signal?.throwIfAborted()
    if (this.#kernel.isClosed) throw errors.KERNEL_CLOSED({ file: file.label })
    if (force) await this.invalidate(file.record)
    return stopWaiting(this.#join(file), signal)
  }

  /** Marks a file stale and takes the work away; whoever asks from now on does not get what was begun before. */
  async invalidate(record: FileRecord): Promise<void> {
    await record.invalidate().finally(() => this.#flights.delete(record.key))
  }

  /** Removes a file; whoever asks from now on does not get what was begun before. */
  async drop(record: FileRecord): Promise<void> {
    await this.#kernel.track(record.drop()).finally(() => this.#flights.delete(record.key))
    this.#kernel.events.emit('deleted', { name: record.name })
  }

  #join(file: ImageCacheFile): Promise<Outcome> {
    const { key } = file.record
    const underWay = this.#flights.get(key)
    if (underWay) return underWay
    const flight = this.#kernel.track(this.#fly(file)).finally(() => {
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

  async #fly(file: ImageCacheFile): Promise<Outcome> {
    const { record, label } = file
    const { rules } = this.#kernel
    if (isFresh(await record.look())) return 'exists'
    let hasOrdered = false
    for (let tries = 0; tries < mostTries; tries++) {
      const known = await this.wait(record, rules.times.wait, (now) => !rules.isWorkedOn(now) || !!now.work?.scheduled)
      if (isFresh(known)) return 'generated'
      const failure = rules.failureOf(known)
      if (failure) throw failure
      if (rules.isWorkedOn(known)) {
        if (known.work?.scheduled) return 'scheduled'
        throw errors.GENERATION_TIMEOUT({ file: label, milliseconds: rules.times.wait })
      }
      if (hasOrdered && known.bytes === 'absent' && !known.stale) throw errors.FILE_DELETED({ file: label })
      // A derivative that is a source is made before the work is claimed: nothing inside `generate` waits for a file.
      await file.origin?.file?.bytes()
      const token = randomUUID()
      if (!(await record.claim(known, token))) continue
      if ((await this.#order(file, token)) === 'scheduled') return 'scheduled'
      hasOrdered = true
    }
    throw errors.STATE_CONFLICT({ name: record.name })
  }

  /** Hands claimed work to the backend. */
  async #order(file: ImageCacheFile, token: string): Promise<'generated' | 'scheduled'> {
    const { record, label } = file
    const { events, signal } = this.#kernel
    const { backend, id } = registered(file.generator)
    try {
      const answer = await backend?.generate.promise(file, { token, signal })
      if (!answer) throw errors.MISSING_ROLE({ role: 'backend', subject: id })
      if (answer === 'scheduled') {
        await record.renew(token, { scheduled: true })
        events.emit('scheduled', { file })
      } else if (await record.release(token)) throw errors.BACKEND_IDLE({ file: label })
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
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
