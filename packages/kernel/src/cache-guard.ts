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

/** Asks a cache; never rejects, and never takes much longer than the limit. */
export type Ask = <Answer>(question: (cache: StateCache) => Promise<Answer>) => Promise<Answer | typeof unavailable>

/** Stands before a cache that may be slow, down or frozen: whoever asks is neither hung nor failed. */
export function guarded(cache: StateCache, plugin: string, events: KernelEvents, onRestored: () => void): Ask {
  let failures = 0
  let leftAloneUntil = 0

  const attempt: Ask = async (question) => {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<never>((_, reject) => {
      // A busy process is no outage: an answer that waits in the event loop gets one more turn to arrive.
      timer = setTimeout(() => setImmediate(() => reject(errors.CACHE_TIMEOUT({ plugin, limit }))), limit)
    })
    try {
      const answer = await Promise.race([question(cache), tooLong])
      if (failures > 0) {
        failures = 0
        events.emit('cacheRestored', { plugin })
        onRestored()
      }
      return answer
    } catch (error) {
      if (failures === 0) events.emit('cacheUnavailable', { plugin, error })
      // One time-out is enough: its length was the price.
      failures += codeOf(error) === 'CACHE_TIMEOUT' ? fewFailures : 1
      leftAloneUntil = performance.now() + leaveAlone
      return unavailable
    } finally {
      clearTimeout(timer)
    }
  }

  return async (question) => {
    if (failures < fewFailures) return attempt(question)
    if (performance.now() < leftAloneUntil) return unavailable
    // Nobody waits for a cache that was left alone to be tried again.
    leftAloneUntil = performance.now() + leaveAlone
    void attempt((probed) => probed.get('latent-image:probe'))
    return unavailable
  }
}
