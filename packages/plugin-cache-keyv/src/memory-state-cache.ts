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
  readonly #kept: LRUCache<string, FileState>
  readonly #max: number
  readonly #ttl: number

  constructor({ max, ttl, clock = performance }: MemoryStateCacheOptions) {
    this.#ordinary = new LRUCache({ max, perf: clock, ttlResolution: 0 })
    this.#kept = new LRUCache({ max, perf: clock, ttlResolution: 0 })
    this.#max = max
    this.#ttl = ttl
  }

  async get(key: string): Promise<FileState | undefined> {
    return this.#find(key)
  }

  async swap(key: string, expected: string | undefined, next: FileState | undefined, ttlMs?: number): Promise<boolean> {
    if (this.#find(key)?.version !== expected) return false
    const [home, other] = next && mustBeKept(next) ? [this.#kept, this.#ordinary] : [this.#ordinary, this.#kept]
    other.delete(key)
    if (next) home.set(key, frozenCopy(next), { ttl: lifetimeOf(next, this.#ttl, ttlMs) ?? 0 })
    else home.delete(key)
    if (this.#ordinary.size + this.#kept.size > this.#max) this.#ordinary.pop() ?? this.#kept.pop()
    return true
  }

  #find(key: string): FileState | undefined {
    return this.#ordinary.get(key) ?? this.#kept.get(key)
  }
}
