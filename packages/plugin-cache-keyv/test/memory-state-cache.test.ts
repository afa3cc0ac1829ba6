import type { FileState } from '@latent-image/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemoryStateCache } from '../src/memory-state-cache.ts'

const record: FileState = { version: 'v1', bytes: 'present' }
const stale: FileState = { ...record, stale: true }
const claimed: FileState = { ...record, work: { token: 't', until: 1 } }

function memory({ max = 100, ttl = 1_000 }: { max?: number; ttl?: number } = {}) {
  let now = 1
  const cache = new MemoryStateCache({ max, ttl, clock: { now: () => now } })
  const pass = (milliseconds: number) => {
    now += milliseconds
  }
  return { cache, pass }
}

test('forgets an ordinary record after `ttl`', async () => {
  const { cache, pass } = memory()
  await cache.swap('a', undefined, record)
  pass(1_000)
  expect(await cache.get('a')).toEqual(record)
  pass(1)
  expect(await cache.get('a')).toBeUndefined()
  expect(await cache.swap('a', undefined, record)).toBe(true)
})

test('counts the time from the last swap', async () => {
  const { cache, pass } = memory()
  await cache.swap('a', undefined, record)
  pass(900)
  await cache.get('a')
  await cache.swap('a', 'v1', { version: 'v2' })
  pass(900)
  expect(await cache.get('a')).toEqual({ version: 'v2' })
})

test('forgets a record earlier where the swap says so', async () => {
  const { cache, pass } = memory()
  await cache.swap('a', undefined, record, 100)
  pass(101)
  expect(await cache.get('a')).toBeUndefined()
})

test('forgets a record no later where the swap says so', async () => {
  const { cache, pass } = memory()
  await cache.swap('a', undefined, record, 5_000)
  pass(1_001)
  expect(await cache.get('a')).toBeUndefined()
})

test.each([
  ['stale', stale],
  ['claimed', claimed],
])('does not forget a %s record', async (_, kept) => {
  const { cache, pass } = memory()
  await cache.swap('a', undefined, kept)
  pass(1_000_000)
  expect(await cache.get('a')).toEqual(kept)
})

test('forgets a stale record when the swap says so', async () => {
  const { cache, pass } = memory()
  await cache.swap('a', undefined, stale, 5_000)
  pass(4_000)
  expect(await cache.get('a')).toEqual(stale)
  pass(1_001)
  expect(await cache.get('a')).toBeUndefined()
})

test('forgets a record that is stale no longer', async () => {
  const { cache, pass } = memory()
  await cache.swap('a', undefined, stale)
  await cache.swap('a', 'v1', { version: 'v2' })
  pass(1_001)
  expect(await cache.get('a')).toBeUndefined()
})

test('removes a stale record', async () => {
  const { cache } = memory()
  await cache.swap('a', undefined, stale)
  expect(await cache.swap('a', 'v1', undefined)).toBe(true)
  expect(await cache.get('a')).toBeUndefined()
})

test('makes room by forgetting what was used longest ago', async () => {
  const { cache } = memory({ max: 2 })
  await cache.swap('a', undefined, record)
  await cache.swap('b', undefined, record)
  await cache.get('a')
  await cache.swap('c', undefined, record)
  expect(await Promise.all(['a', 'b', 'c'].map((key) => cache.get(key)))).toEqual([record, undefined, record])
})

test('forgets stale records last', async () => {
  const { cache } = memory({ max: 2 })
  await cache.swap('a', undefined, stale)
  await cache.swap('b', undefined, record)
  await cache.swap('c', undefined, record)
  expect(await Promise.all(['a', 'b', 'c'].map((key) => cache.get(key)))).toEqual([stale, undefined, record])
  await cache.swap('d', undefined, stale)
  expect(await Promise.all(['a', 'c', 'd'].map((key) => cache.get(key)))).toEqual([stale, undefined, stale])
})

test('never holds more than `max`, nor what has been replaced', async () => {
  const step = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    next: fc.constantFrom(record, stale, claimed, undefined),
    ttlMs: fc.constantFrom(undefined, 10),
    pause: fc.constantFrom(0, 5, 2_000),
  })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 30 }), async (max, steps) => {
      const { cache, pass } = memory({ max })
      const keys = ['a', 'b', 'c', 'd', 'e']
      for (const { key, next, ttlMs, pause } of steps) {
        const known = await cache.get(key)
        expect(await cache.swap(key, known?.version, next, ttlMs)).toBe(true)
        // Where it is full of what must be kept, a new record may be forgotten at once.
        expect([next, undefined]).toContainEqual(await cache.get(key))
        pass(pause)
      }
      const held = await Promise.all(keys.map((key) => cache.get(key)))
      expect(held.filter(Boolean).length).toBeLessThanOrEqual(max)
    }),
  )
})

test('keeps what the caller may change later as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (more) => {
      const { cache } = memory()
      const given = { version: 'v1', facts: { width: 1, height: 1, type: 'image/png', more } } as FileState
      const before = JSON.stringify(given)
      await cache.swap('a', undefined, given)
      expect(JSON.stringify(await cache.get('a'))).toBe(before)
      expect(Object.isFrozen(given)).toBe(false)
    }),
  )
})
