import type { StateCache } from './contracts/state-cache.ts'
import { errors } from './error-catalogue.ts'
import { codeOf } from './errors.ts'
import type { KernelEvents } from './events.ts'

/** Milliseconds a call may take. */
const limit = 250
/** Failures in a row after which the cache is left alone, and for how many milliseconds. */
const fewFailures = 3
const leaveAlone = 1_000

/** Instead of an answer. */
export const unavailable = Symbol('unavailable')

/** Stands between the kernel and a state cache that may be slow, down or frozen: whoever asks is never hung or failed. */
export class CacheGuard {
  readonly #cache: StateCache
  readonly #plugin: string
  readonly #events: KernelEvents
  readonly #onRestored: () => void
  /** Failures in a row. */
  #failures = 0
  #leftAloneUntil = 0

  constructor(cache: StateCache, plugin: string, events: KernelEvents, onRestored: () => void) {
    this.#cache = cache
    this.#plugin = plugin
    this.#events = events
    this.#onRestored = onRestored
  }

  async ask<Answer>(question: (cache: StateCache) => Promise<Answer>): Promise<Answer | typeof unavailable> {
    if (this.#failures < fewFailures) return this.#attempt(question)
    if (performance.now() < this.#leftAloneUntil) return unavailable
    // Nobody waits for a cache that was left alone to be tried again.
    this.#leftAloneUntil = performance.now() + leaveAlone
    void this.#attempt((cache) => cache.get('latent-image:probe'))
    return unavailable
  }

  async #attempt<Answer>(question: (cache: StateCache) => Promise<Answer>): Promise<Answer | typeof unavailable> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<never>((_, reject) => {
      // A busy process is no outage: an answer that waits in the event loop gets one more turn to arrive.
      timer = setTimeout(() => setImmediate(() => reject(errors.CACHE_TIMEOUT({ plugin: this.#plugin, limit }))), limit)
    })
    try {
      const answer = await Promise.race([question(this.#cache), tooLong])
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
    if (this.#failures === 0) return
    this.#failures = 0
    this.#events.emit('cacheRestored', { plugin: this.#plugin })
    this.#onRestored()
  }

  #failed(error: unknown): void {
    if (this.#failures === 0) this.#events.emit('cacheUnavailable', { plugin: this.#plugin, error })
    // One time-out is enough: its length was the price.
    this.#failures += codeOf(error) === 'CACHE_TIMEOUT' ? fewFailures : 1
    this.#leftAloneUntil = performance.now() + leaveAlone
  }
}
