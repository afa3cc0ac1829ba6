import type { Facts } from './contracts/generator.ts'
import type { FileState, Work } from './contracts/state-cache.ts'
import { LatentImageError } from './errors.ts'

/** How long what is known is believed, in milliseconds, unless the config says otherwise. */
export const defaultTimes = {
  /** That a file exists, and its facts. */
  exists: Number.POSITIVE_INFINITY,
  /** That a file is absent. */
  absent: 5_000,
  /** That a source cannot become a file, the first time; twice as long each further time. */
  failed: 5_000,
  /** The longest that a failure is believed. */
  failedAtMost: 300_000,
  /** The lease of whoever makes a file; renewed while work goes on. */
  lease: 30_000,
  /** How long a present, fresh file is remembered in front of the state cache. */
  memory: 30_000,
  /** How long a source may take to be opened. */
  source: 30_000,
  /** How long a caller waits for a file that others are making. */
  wait: 60_000,
}

/** How long what is known is believed: all in milliseconds. */
export type StateTimes = Readonly<typeof defaultTimes>

/** What a record says beside its version. */
export type Knowledge = Omit<FileState, 'version'>

/** What a user sees of a file. */
export type FileStatus =
  | { readonly state: 'absent' }
  | { readonly state: 'generating'; readonly scheduled: boolean }
  | { readonly state: 'exists'; readonly facts?: Facts }
  | { readonly state: 'failed'; readonly failure: { readonly code: string; readonly message: string } }

/** The questions one may ask of a record. */
export class StateRules {
  readonly times: StateTimes
  readonly now: () => number

  constructor(times: StateTimes, now: () => number) {
    this.times = times
    this.now = now
  }

  /** Whether a time has not come. One further away than it can have been set was set by a clock that went wrong. */
  isAhead(until = 0, atMost = 0): boolean {
    const now = this.now()
    return now < until && until <= now + 2 * atMost
  }

  /** Someone's lease has not ended. */
  isWorkedOn({ work }: FileState): boolean {
    return this.isAhead(work?.until, this.times.lease)
  }

  /** The failure to be believed, if any. */
  failureOf({ failure }: FileState): LatentImageError | undefined {
    if (!failure || !this.isAhead(failure.until, this.times.failedAtMost)) return undefined
    return new LatentImageError(failure.code, failure.message, { fault: 'source' })
  }

  /** Whether the record answers what there is without asking storage. */
  isKnown(record: FileState): boolean {
    if (record.bytes === 'present' || (record.bytes && record.stale) || this.isWorkedOn(record)) return true
    return this.isAhead(record.absentUntil, this.times.absent) || this.failureOf(record) !== undefined
  }

  /** There are bytes to be served: fresh ones, or old ones while their successors are on the way. */
  isServable(record: FileState): boolean {
    return isFresh(record) || (record.bytes === 'present' && (!!record.work?.scheduled || this.isWorkedOn(record)))
  }

  statusOf(record: FileState): FileStatus {
    if (isFresh(record)) return { state: 'exists', ...(record.facts && { facts: record.facts }) }
    if (this.isWorkedOn(record)) return { state: 'generating', scheduled: !!record.work?.scheduled }
    const failure = this.failureOf(record)
    return failure
      ? { state: 'failed', failure: { code: failure.code, message: failure.message } }
      : { state: 'absent' }
  }

  /** What is known of a file that is not there. */
  absent(failure?: FileState['failure']): Knowledge {
    return { bytes: 'absent', absentUntil: this.now() + this.times.absent, ...(failure && { failure }) }
  }

  /**
   * What is known of a file that someone makes. Unless it is fresh (and only its facts are missing) it is stale until that is
   * done: whatever storage holds if they die of it may be made from something that has changed since. Of failures only
   * their count lasts.
   */
  claimed(record: Partial<FileState> | undefined, work: Omit<Work, 'until'>): Knowledge {
    const { version, absentUntil, failure, ...rest } = record ?? {}
    const until = this.now() + this.times.lease
    const stale = !isFresh(record)
    return { ...rest, ...(failure && { failure: { ...failure, until: 0 } }), stale, work: { ...work, until } }
  }

  /** How long a failure is believed that follows others. */
  failed({ code, message }: LatentImageError, earlier: FileState['failure'], change: string | undefined): Knowledge {
    const count = (earlier?.count ?? 0) + 1
    const until = this.now() + Math.min(this.times.failed * 2 ** (count - 1), this.times.failedAtMost)
    return this.absent({ code, message, count, until, ...(change && { change }) })
  }

  /**
   * How long a record must be kept. One that says less than "present and fresh" must outlive every check of storage that
   * began before it; one of bytes that are old, or may be, is kept for ever, or they would pass for fresh.
   */
  ttlOf(record: FileState): number | undefined {
    if (record.stale && (record.work || record.bytes !== 'absent')) return undefined
    if (!isFresh(record)) return 2 * this.times.failedAtMost + 2 * this.times.lease
    return Number.isFinite(this.times.exists) ? this.times.exists : undefined
  }
}

/** Bytes are there and made from what is true now. */
export function isFresh(record: Partial<FileState> | undefined): boolean {
  return record?.bytes === 'present' && !record.stale
}

/** Freezes a value and all that is in it. */
export function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen)
  return value
}
