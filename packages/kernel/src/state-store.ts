import { randomUUID } from 'node:crypto'
import type { FileState, StateCache } from './contracts/state-cache.ts'
import { errors } from './error-catalogue.ts'
import { codeOf } from './errors.ts'
import type { KernelEvents } from './events.ts'
import { isFresh, type StateRules } from './state.ts'

/** Milliseconds a call may take. */
const limit = 250
/** Failures in a row after which the cache is left alone, and for how many milliseconds. */
const fewFailures = 3
const leaveAlone = 1_000
/** Records in memory at the most, of each kind. */
const mostRecords = 10_000

const unavailable = Symbol('unavailable')

/**
 * The guard around one state cache. In front of it, fresh and present files are remembered for a while. While it is down,
 * what this process learns is kept here, and brought to the cache when it is back.
 */
export class StateStore {
  readonly #cache: StateCache
  readonly #plugin: string
  readonly #rules: StateRules
  readonly #events: KernelEvents
  readonly #remembered = new Map<string, { readonly record: FileState; readonly until: number }>()
  readonly #unsaved = new Map<string, FileState>()
  // A read that was under way while this process changed the record must not be remembered.
  readonly #reads = new Map<string, Promise<FileState | undefined | typeof unavailable>>()
  #failures = 0
  #isDown = false
  #leftAloneUntil = 0

  constructor(cache: StateCache, plugin: string, rules: StateRules, events: KernelEvents) {
    this.#cache = cache
    this.#plugin = plugin
    this.#rules = rules
    this.#events = events
  }

  /** The record of a file known to be present and fresh, without asking the cache. */
  remembered(key: string): FileState | undefined {
    const entry = this.#remembered.get(key)
    if (!entry) return undefined
    if (this.#rules.ahead(entry.until, this.#rules.times.memory)) return entry.record
    this.#remembered.delete(key)
    return undefined
  }

  async get(key: string): Promise<FileState | undefined> {
    const remembered = this.remembered(key)
    if (remembered) return remembered
    if (!(await this.#isSettled(key))) return this.#unsaved.get(key)
    const read = this.#reads.get(key) ?? this.#call((cache) => cache.get(key))
    this.#reads.set(key, read)
    const record = await read
    const isUndisturbed = this.#reads.get(key) === read
    if (isUndisturbed) this.#reads.delete(key)
    if (record === unavailable) return this.#unsaved.get(key)
    if (isUndisturbed) this.#remember(key, record)
    return record
  }

  /** Compare-and-swap; `next` is stored under a new version. Resolves to the stored record, or `undefined` if it lost. */
  async swap(
    key: string,
    expected: FileState | undefined,
    next: Omit<FileState, 'version'>,
  ): Promise<FileState | undefined> {
    const record: FileState = { ...next, version: randomUUID() }
    const swapped = await this.#swap(key, expected?.version, record)
    if (swapped) this.#remember(key, record)
    return swapped ? record : undefined
  }

  async #swap(key: string, expected: string | undefined, record: FileState): Promise<boolean> {
    this.#forget(key)
    if (await this.#isSettled(key)) {
      const ttl = this.#rules.ttlOf(record)
      const swapped = await this.#call((cache) => cache.swap(key, expected, record, ttl))
      this.#forget(key)
      if (swapped !== unavailable) return swapped
    }
    const known = this.#unsaved.get(key)
    if (known && known.version !== expected) return false
    remember(this.#unsaved, key, record)
    return true
  }

  #forget(key: string): void {
    this.#remembered.delete(key)
    this.#reads.delete(key)
  }

  #remember(key: string, record: FileState | undefined): void {
    if (isFresh(record))
      remember(this.#remembered, key, { record, until: this.#rules.now() + this.#rules.times.memory })
  }

  /** Whether the cache knows what this process learned of a key during an outage. */
  async #isSettled(key: string): Promise<boolean> {
    const unsaved = this.#unsaved.get(key)
    if (!unsaved) return true
    const known = await this.#call((cache) => cache.get(key))
    if (known === unavailable) return false
    // Others may have changed the source meanwhile: whose bytes came last is unknown, so theirs being stale counts.
    const record = known?.stale && isFresh(unsaved) ? { ...unsaved, stale: true } : unsaved
    const swapped = await this.#call((cache) => cache.swap(key, known?.version, record, this.#rules.ttlOf(record)))
    if (swapped === true && this.#unsaved.get(key) === unsaved) this.#unsaved.delete(key)
    return swapped === true
  }

  async #call<Answer>(ask: (cache: StateCache) => Promise<Answer>): Promise<Answer | typeof unavailable> {
    if (this.#leftAloneUntil > 0) {
      this.#probe()
      return unavailable
    }
    return this.#attempt(ask)
  }

  /** Tries a cache that was left alone; nobody waits for it. */
  #probe(): void {
    if (performance.now() < this.#leftAloneUntil) return
    this.#leftAloneUntil = performance.now() + leaveAlone
    void this.#attempt((cache) => cache.get('latent-image:probe'))
  }

  async #attempt<Answer>(ask: (cache: StateCache) => Promise<Answer>): Promise<Answer | typeof unavailable> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<never>((_, reject) => {
      // A busy process is no outage: an answer that waits in the event loop gets one more turn to arrive.
      timer = setTimeout(() => setImmediate(() => reject(errors.CACHE_TIMEOUT({ plugin: this.#plugin, limit }))), limit)
    })
    try {
      const answer = await Promise.race([ask(this.#cache), tooLong])
      this.#succeeded()
      return answer
    } catch (error) {
      this.#failed(error)
      return unavailable
    } finally {
      clearTimeout(timer)
    }
  }

  #succeeded(): void {
    this.#failures = 0
    this.#leftAloneUntil = 0
    if (!this.#isDown) return
    this.#isDown = false
    this.#events.emit('cacheRestored', { plugin: this.#plugin })
  }

  #failed(error: unknown): void {
    // One time-out is enough: its length was the price.
    this.#failures += codeOf(error) === 'CACHE_TIMEOUT' ? fewFailures : 1
    if (this.#failures >= fewFailures) this.#leftAloneUntil = performance.now() + leaveAlone
    if (this.#isDown) return
    this.#isDown = true
    this.#events.emit('cacheUnavailable', { plugin: this.#plugin, error })
  }
}

/** Sets an entry of a bounded map; the oldest one makes room. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.size > mostRecords ? map.keys() : []
  if (oldest !== undefined) map.delete(oldest)
}
