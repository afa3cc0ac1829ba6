import type { FileState, StateCache } from '@latent-image/kernel'
import { Gate } from './gate.ts'

/**
 * How a fake cache behaves: as it should; it never answers; it rejects every call; or it lies, that is, says that it stored
 * what it did not.
 */
export type CacheMood = 'working' | 'frozen' | 'failing' | 'lying'

/** A state cache in memory, to look at and to disturb. */
export interface FakeCache extends StateCache {
  /** What is stored, expired records included; may be changed behind the kernel's back. */
  readonly records: Map<string, StoredRecord>
  readonly calls: { get: number; swap: number }
  mood: CacheMood
  /** Calls that are held when all is done, before the caller learns of it. */
  readonly after: { readonly get: Gate; readonly swap: Gate }
}

export interface StoredRecord {
  readonly record: FileState
  /** Milliseconds since the epoch after which it counts as forgotten. */
  readonly until: number
}

export interface FakeCacheOptions {
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number
  /** @default both true */
  readonly supports?: StateCache['supports']
}

/** Makes a state cache. Two kernels that are given the same one share their state, as two processes would. */
export function fakeCache({ now = Date.now, supports }: FakeCacheOptions = {}): FakeCache {
  const records = new Map<string, StoredRecord>()

  function stored(key: string): FileState | undefined {
    const entry = records.get(key)
    return entry && entry.until > now() ? structuredClone(entry.record) : undefined
  }

  const cache: FakeCache = {
    records,
    calls: { get: 0, swap: 0 },
    mood: 'working',
    after: { get: new Gate(), swap: new Gate() },
    supports: supports ?? { sharedBetweenProcesses: true, atomicSwap: true },

    async get(key) {
      cache.calls.get += 1
      await answering(cache.mood)
      const found = stored(key)
      await cache.after.get.pass()
      return found
    },

    async swap(key, expected, next, ttlMs = Number.POSITIVE_INFINITY) {
      cache.calls.swap += 1
      await answering(cache.mood)
      const swapped = cache.mood === 'lying' || stored(key)?.version === expected
      if (swapped && cache.mood !== 'lying') {
        if (next) records.set(key, { record: structuredClone(next), until: now() + ttlMs })
        else records.delete(key)
      }
      await cache.after.swap.pass()
      return swapped
    },
  }
  return cache
}

async function answering(mood: CacheMood): Promise<void> {
  if (mood === 'frozen') await new Promise(() => undefined)
  if (mood === 'failing') throw new Error('The fake cache fails, as it was told to.')
}
