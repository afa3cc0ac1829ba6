import type { FileState, StateCache } from '@latent-image/kernel'
import type { Keyv, KeyvOptions } from 'keyv'
import { errors } from './errors.ts'
import type { Place } from './place.ts'
import { frozenCopy, isRecord, lifetimeOf } from './record.ts'
import { tolerantKeyv } from './tolerant-keyv.ts'

export interface StoreStateCacheOptions {
  readonly keyv: KeyvOptions
  readonly place: Place
  /** Whether other processes see the same records. */
  readonly shared: boolean
  /** Milliseconds after which an ordinary record may be forgotten. */
  readonly ttl: number | undefined
}

/**
 * State in any Keyv store. Keyv has no compare-and-swap, so between looking and storing another caller may get in: two
 * of them may then make the same file.
 */
export class StoreStateCache implements StateCache {
  readonly supports: StateCache['supports']
  readonly #keyv: Keyv
  readonly #prefix: string
  readonly #ttl: number | undefined

  constructor({ keyv, place, shared, ttl }: StoreStateCacheOptions) {
    this.supports = { sharedBetweenProcesses: shared, atomicSwap: false }
    this.#keyv = tolerantKeyv(keyv, place.namespace)
    this.#prefix = place.prefix
    this.#ttl = ttl
  }

  async get(key: string): Promise<FileState | undefined> {
    const value: unknown = await this.#attempt(() => this.#keyv.get(this.#prefix + key))
    return isRecord(value) ? value : undefined
  }

  async swap(key: string, expected: string | undefined, next: FileState | undefined, ttlMs?: number): Promise<boolean> {
    const known = await this.get(key)
    if (known?.version !== expected) return false
    if (next) {
      const lifetime = lifetimeOf(next, this.#ttl, ttlMs)
      const stored = await this.#attempt(() => this.#keyv.set(this.#prefix + key, frozenCopy(next), lifetime))
      if (!stored) throw this.#unreachable('it refused to store a record')
    } else {
      await this.#attempt(() => this.#keyv.delete(this.#prefix + key))
    }
    return true
  }

  async #attempt<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      return await call()
    } catch (error) {
      throw this.#unreachable(error instanceof Error ? error.message : String(error), error)
    }
  }

  #unreachable(reason: string, cause?: unknown) {
    return errors.CACHE_UNREACHABLE({ store: 'a Keyv store', reason }, cause)
  }
}
