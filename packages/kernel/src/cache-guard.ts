import { randomUUID } from 'node:crypto'
import type { StateCache } from './contracts/state-cache.ts'
import { errors } from './error-catalogue.ts'
import { codeOf } from './errors.ts'
import type { KernelEvents } from './events.ts'

/** Milliseconds a call may take. */
const limit = 250
/** Failures in a row after which the cache is left alone, and for how many milliseconds. */
const fewFailures = 3
const leaveAlone = 1_000
const costly = new Set(['CACHE_TIMEOUT', 'STATE_CONFLICT'])
const probeKey = 'latent-image:probe'

/** Instead of an answer. */
export const unavailable = Symbol('unavailable')

type Call = 'get' | 'swap'

/** A cache that never rejects, and never takes much longer than the limit. */
export interface GuardedCache {
  ask<Answer>(call: Call, question: (cache: StateCache) => Promise<Answer>): Promise<Answer | typeof unavailable>
  /** Tries a cache that was left alone; by itself that happens once a second. */
  probe(): Promise<void>
  /** Leaves it alone for good. */
  close(): void
}

/** Stands before a cache that may be slow, down or frozen: whoever asks is neither hung nor failed. */
export function guarded(cache: StateCache, plugin: string, events: KernelEvents, onRestored: () => void): GuardedCache {
  // Counted apart: a cache that can be read, but not written, is down.
  const failures = { get: 0, swap: 0 }
  let probing: NodeJS.Timeout | undefined
  const isDown = () => failures.get + failures.swap > 0

  const attempt: GuardedCache['ask'] = async (call, question) => {
    try {
      const answer = await inTime(Promise.resolve(question(cache)), plugin)
      const wasDown = isDown()
      failures[call] = 0
      if (wasDown && !isDown()) {
        clearInterval(probing)
        probing = undefined
        events.emit('cacheRestored', { plugin })
        onRestored()
      }
      return answer
    } catch (error) {
      if (!isDown()) events.emit('cacheUnavailable', { plugin, error })
      // One that took long is enough: its length was the price.
      failures[call] += costly.has(codeOf(error)) ? fewFailures : 1
      probing ??= setInterval(() => void probe(), leaveAlone).unref()
      return unavailable
    }
  }

  // Nobody waits for a cache that was left alone to be tried again.
  const probe = async () => {
    const known = await attempt('get', (probed) => probed.get(probeKey))
    if (known === unavailable || failures.swap === 0) return
    const next = { version: randomUUID() }
    await attempt('swap', async (probed) => {
      const isSwapped = await probed.swap(probeKey, known?.version, next, leaveAlone)
      if (!isSwapped) throw errors.STATE_CONFLICT({ name: probeKey })
    })
  }

  return {
    ask: async (call, question) =>
      Math.max(failures.get, failures.swap) < fewFailures ? attempt(call, question) : unavailable,
    probe,
    close: () => clearInterval(probing),
  }
}

function inTime<Answer>(answer: Promise<Answer>, plugin: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(errors.CACHE_TIMEOUT({ plugin, limit }))
    // A busy process is no outage: an answer that waits in the event loop gets one more turn to arrive.
    const timer = setTimeout(() => setImmediate(giveUp), limit)
    const settle =
      <Value>(end: (value: Value) => void) =>
      (value: Value) => {
        clearTimeout(timer)
        end(value)
      }
    answer.then(settle(resolve), settle(reject))
  })
}
