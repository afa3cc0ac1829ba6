import type { Facts } from './generator.ts'

/** Someone's claim to make a file, as a lease: it ends by itself if it is not renewed. */
export interface Work {
  /** Names the claim; only its bearer may commit. */
  readonly token: string
  /** Milliseconds since the epoch after which the claim is void. */
  readonly until: number
  /** The work was left to a queue: nobody waits for it. */
  readonly scheduled?: boolean
  /** The bearer is at work; until then another bearer may take up what was scheduled. */
  readonly begun?: boolean
}

/** Why a source cannot become this file. */
export interface Failure {
  readonly code: string
  readonly message: string
  /** The version of the source's latest change when it failed; a later change makes it try again at once. */
  readonly change?: string
  /** How many times in a row it failed. */
  readonly count: number
  /** Milliseconds since the epoch until which it is believed without trying again. */
  readonly until: number
}

/**
 * What is known of one file: plain JSON, changed only by compare-and-swap on `version`.
 *
 * A missing `bytes` means that storage has not been asked.
 */
export interface FileState {
  /** Differs from that of every other record ever stored under the key. */
  readonly version: string
  readonly bytes?: 'present' | 'absent'
  /** Milliseconds since the epoch until which `absent` is believed. */
  readonly absentUntil?: number
  readonly facts?: Facts
  /** The bytes, if any, were made from something that has changed since. */
  readonly stale?: boolean
  readonly work?: Work
  readonly failure?: Failure
}

/** Where {@link FileState} records are kept. It may forget any of them at any time, and must never invent one. */
export interface StateCache {
  /** The stored record, or `undefined`. A record that cannot be read back (corrupt, foreign) counts as none. */
  get(key: string): Promise<FileState | undefined>
  /**
   * Stores `next` (or, with `undefined`, removes the record) only if the stored version is the expected one
   * (`undefined`: only if there is none, or one that cannot be read back). Resolves to whether it did.
   *
   * @param ttlMs - Milliseconds after which the record may be forgotten; left out, it is kept.
   */
  swap(key: string, expected: string | undefined, next: FileState | undefined, ttlMs?: number): Promise<boolean>
  readonly supports: {
    /** Other processes see the same records. */
    readonly sharedBetweenProcesses: boolean
    /** `swap` lets exactly one of several concurrent callers win, in all processes that share the records. */
    readonly atomicSwap: boolean
  }
}
