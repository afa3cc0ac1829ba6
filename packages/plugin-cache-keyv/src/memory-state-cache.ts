import type { FileState, StateCache } from '@latent-image/kernel'
import { LRUCache } from 'lru-cache'
import { frozenCopy, lifetimeOf, mustBeKept } from './record.ts'

export interface MemoryStateCacheOptions {
  /** Records. */
  readonly max: number
  /** Milliseconds after which an ordinary record is forgotten. */
  readonly ttl: number
  /** Milliseconds that only ever grow, so that setting the machine's clock does no harm. */
  readonly clock?: { now(): number }
}

/**
 * State in the memory of this process.
 *
 * Records that must be kept live apart, so that age does not remove them, and size only when nothing else is left.
 */
export class MemoryStateCache implements StateCache {
  readonly supports = { sharedBetweenProcesses: false, atomicSwap: true }
  readonly #ordinary: LRUCache<string, FileState>
  // A Map, since few are kept at a time, and an LRUCache that runs empty clears room for `max` of them every time.
  readonly #kept = new Map<string, { readonly record: FileState; readonly until: number }>()
  readonly #max: number
  readonly #ttl: number
  readonly #clock: { now(): number }

  constructor({ max, ttl, clock = performance }: MemoryStateCacheOptions) {
    this.#ordinary = new LRUCache({ max, perf: clock, ttlResolution: 0 })
    this.#max = max
    this.#ttl = ttl
    this.#clock = clock
  }

  async get(key: string): Promise<FileState | undefined> {
    return this.#find(key)
  }

  async swap(key: string, expected: string | undefined, next: FileState | undefined, ttlMs?: number): Promise<boolean> {
    if (this.#find(key)?.version !== expected) return false
    this.#kept.delete(key)
    const lifetime = next && lifetimeOf(next, this.#ttl, ttlMs)
    if (next && mustBeKept(next)) {
      this.#ordinary.delete(key)
      this.#kept.set(key, {
        record: frozenCopy(next),
        until: this.#clock.now() + (lifetime ?? Number.POSITIVE_INFINITY),
      })
    } else if (next) this.#ordinary.set(key, frozenCopy(next), { ttl: lifetime ?? 0 })
    else this.#ordinary.delete(key)
    if (this.#ordinary.size + this.#kept.size > this.#max) this.#evict()
    return true
  }

  #find(key: string): FileState | undefined {
    const kept = this.#kept.get(key)
    if (!kept) return this.#ordinary.get(key)
    if (kept.until > this.#clock.now()) return kept.record
    this.#kept.delete(key)
    return undefined
  }

  #evict(): void {
    if (this.#ordinary.pop()) return
    const [oldest] = this.#kept.keys()
    if (oldest !== undefined) this.#kept.delete(oldest)
  }
}
