import type { Facts } from './contracts/generator.ts'
import type { FileState } from './contracts/state-cache.ts'
import { LatentImageError } from './errors.ts'

/** How long what is known is believed: all in milliseconds. */
export interface StateTimes {
  /** That a file exists, and its facts. @default Infinity */
  readonly exists: number
  /** That a file is absent. @default 5_000 */
  readonly absent: number
  /** That a source cannot become a file, the first time; twice as long each further time. @default 5_000 */
  readonly failed: number
  /** The longest that a failure is believed. @default 300_000 */
  readonly failedAtMost: number
  /** The lease of whoever makes a file; renewed while work goes on. @default 30_000 */
  readonly lease: number
  /** How long a present, fresh file is remembered in front of the state cache. @default 30_000 */
  readonly memory: number
  /** How long a caller waits for a file that others are making. @default 60_000 */
  readonly wait: number
}

export const defaultTimes: StateTimes = {
  exists: Number.POSITIVE_INFINITY,
  absent: 5_000,
  failed: 5_000,
  failedAtMost: 300_000,
  lease: 30_000,
  memory: 30_000,
  wait: 60_000,
}

/** The record of a file that need not be made. */
export type FreshState = FileState & { readonly bytes: 'present'; readonly stale?: false }

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
  ahead(until: number | undefined, atMost: number): boolean {
    const now = this.now()
    return until !== undefined && now < until && until <= now + 2 * atMost
  }

  /** Someone's lease has not ended. */
  isWorkedOn({ work }: FileState): boolean {
    return this.ahead(work?.until, this.times.lease)
  }

  /** The failure to be believed, if any. */
  failureOf({ failure }: FileState): LatentImageError | undefined {
    if (!failure || !this.ahead(failure.until, this.times.failedAtMost)) return undefined
    return new LatentImageError(failure.code, failure.message, { fault: 'source' })
  }

  /** Whether the record answers what there is without asking storage. */
  isKnown(record: FileState): boolean {
    if (record.bytes === 'present' || record.stale === true) return true
    return this.ahead(record.absentUntil, this.times.absent) || this.isWorkedOn(record) || !!this.failureOf(record)
  }

  /** There are bytes to be served: fresh ones, or old ones while their successors are on the way. */
  isServable(record: FileState): boolean {
    if (record.bytes !== 'present') return false
    return record.stale !== true || record.work?.scheduled === true || this.isWorkedOn(record)
  }

  statusOf(record: FileState): FileStatus {
    if (isFresh(record)) return { state: 'exists', ...(record.facts && { facts: record.facts }) }
    if (this.isWorkedOn(record)) return { state: 'generating', scheduled: record.work?.scheduled === true }
    const failure = this.failureOf(record)
    if (failure) return { state: 'failed', failure: { code: failure.code, message: failure.message } }
    return { state: 'absent' }
  }

  /** What is known of a file that is not there. */
  absent(more: Partial<FileState> = {}): Omit<FileState, 'version'> {
    return { bytes: 'absent', absentUntil: this.now() + this.times.absent, ...more }
  }

  /**
   * How long a record must be kept. One that says less than "present and fresh" must outlive every check of storage that
   * began before it; one of stale bytes is kept for ever, or old bytes would pass for fresh.
   */
  ttlOf(record: FileState | undefined): number | undefined {
    if (!record || (record.stale && record.bytes !== 'absent')) return undefined
    if (!isFresh(record)) return 2 * this.times.failedAtMost + 2 * this.times.lease
    return Number.isFinite(this.times.exists) ? this.times.exists : undefined
  }
}

/** Bytes are there and made from what is true now. */
export function isFresh(record: FileState | undefined): record is FreshState {
  return record?.bytes === 'present' && record.stale !== true
}
