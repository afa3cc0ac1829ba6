import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { FileState } from './contracts/state-cache.ts'
import { errors } from './error-catalogue.ts'
import { isLatentImageError } from './errors.ts'
import type { FileRecord } from './file-record.ts'
import type { ImageCacheFile } from './image-cache-file.ts'
import type { Kernel } from './kernel.ts'
import { registered } from './registered-generator.ts'
import { prepareSource } from './source-finder.ts'
import { isFresh } from './state.ts'

export type Outcome = 'exists' | 'generated' | 'scheduled'

export interface GenerateOptions {
  /** Make the file anew even if it exists; old bytes stay until the new ones replace them. @default false */
  readonly force?: boolean
  /** When aborted, this caller stops waiting; the work goes on. */
  readonly signal?: AbortSignal
}

/** Milliseconds between two looks at a file that another process makes: at first, and at the most. */
const firstPoll = 25
const longestPoll = 500

/** Single flight: however many ask for one file, in this process or others, it is made once. */
export class Generation {
  readonly #kernel: Kernel
  readonly #flights = new Map<string, Promise<Outcome>>()

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  async generate(file: ImageCacheFile, { force = false, signal }: GenerateOptions): Promise<Outcome> {
    signal?.throwIfAborted()
    const { record } = file
    if (this.#kernel.isClosed) throw errors.KERNEL_CLOSED({ file: file.label })
    if (force) await this.invalidate(record)
    return stopWaiting(this.#join(file, record), signal)
  }

  /**
   * Marks a file stale and takes the work away; whoever asks from now on does not get what was begun before.
   *
   * @returns Whether there are old bytes.
   */
  async invalidate(record: FileRecord): Promise<boolean> {
    try {
      return await record.invalidate()
    } finally {
      this.#flights.delete(record.key)
    }
  }

  /** Removes a file; whoever asks from now on does not get what was begun before. */
  async drop(record: FileRecord): Promise<void> {
    await this.#kernel.track(record.drop(randomUUID()))
    this.#flights.delete(record.key)
    this.#kernel.events.emit('deleted', { name: record.name })
  }

  #join(file: ImageCacheFile, record: FileRecord): Promise<Outcome> {
    const underWay = this.#flights.get(record.key)
    if (underWay) return underWay
    const flight = this.#kernel.track(this.#fly(file, record)).finally(() => {
      if (this.#flights.get(record.key) === flight) this.#flights.delete(record.key)
    })
    this.#flights.set(record.key, flight)
    return flight
  }

  async #fly(file: ImageCacheFile, record: FileRecord): Promise<Outcome> {
    const { rules } = this.#kernel
    const deadline = performance.now() + rules.times.wait
    let hasOrdered = false
    let poll = firstPoll
    while (performance.now() < deadline) {
      const known = await record.look()
      if (isFresh(known)) return hasOrdered ? 'generated' : 'exists'
      const failure = rules.failureOf(known)
      if (failure) throw failure
      const isWorkedOn = rules.isWorkedOn(known)
      if (isWorkedOn && known.work?.scheduled) return 'scheduled'
      if (isWorkedOn) {
        await delay(poll)
        poll = Math.min(poll * 2, longestPoll)
        continue
      }
      if (hasOrdered && known.bytes === 'absent' && !known.stale) throw errors.FILE_DELETED({ file: file.label })
      await prepareSource(file)
      const token = randomUUID()
      const claimed = await record.state.swap(record.key, known, { ...claimable(known), work: record.lease(token) })
      if (!claimed) {
        await delay(poll)
        continue
      }
      if ((await this.#order(file, record, token)) === 'scheduled') return 'scheduled'
      hasOrdered = true
    }
    throw errors.GENERATION_TIMEOUT({ file: file.label, milliseconds: rules.times.wait })
  }

  /** Hands claimed work to the backend. */
  async #order(file: ImageCacheFile, record: FileRecord, token: string): Promise<'generated' | 'scheduled'> {
    const { events, signal } = this.#kernel
    const { backend, id } = registered(file.generator)
    try {
      const answer = await backend?.generate.promise(file, { token, signal })
      if (!answer) throw errors.MISSING_ROLE({ role: 'backend', subject: id })
      if (answer === 'scheduled') {
        // Only if the job has not been done by now.
        await record.changeAs(token, (held) => ({ ...held, work: { ...record.lease(token), scheduled: true } }))
        events.emit('scheduled', { file })
      } else if (await record.release(token)) {
        throw errors.BACKEND_IDLE({ file: file.label })
      }
      return answer
    } catch (error) {
      await record.release(token)
      if (isLatentImageError(error)) this.#kernel.reportFailure(file, error)
      throw error
    }
  }
}

/** What of a record outlasts a claim; the count of failures among it. */
function claimable({ absentUntil, work, version, ...rest }: FileState): Omit<FileState, 'version'> {
  return rest
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
