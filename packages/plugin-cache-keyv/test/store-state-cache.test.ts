import type { FileState } from '@latent-image/kernel'
import { Keyv, type KeyvStoreAdapter } from 'keyv'
import { expect, test } from 'vitest'
import { openCache } from './open-cache.ts'

const record: FileState = { version: 'v1', bytes: 'present' }

function adapter(overrides: Partial<KeyvStoreAdapter> = {}) {
  const lifetimes: (number | undefined)[] = []
  const values = new Map<string, unknown>()
  const store: KeyvStoreAdapter = {
    opts: {},
    on: () => store,
    get: async (key: string) => values.get(key) as never,
    async set(key: string, value: unknown, ttl?: number) {
      lifetimes.push(ttl)
      values.set(key, value)
    },
    delete: async (key: string) => values.delete(key),
    clear: async () => values.clear(),
    ...overrides,
  }
  return { store, values, lifetimes }
}

const fail = async () => {
  throw new Error('the disk is on fire')
}

test.each([
  ['get', { get: fail }],
  ['set', { set: fail }],
])('rejects where the store fails to %s', async (_, broken) => {
  const { cache } = openCache({ store: adapter(broken).store })
  const swap = cache.swap('a', undefined, record)
  await expect(swap).rejects.toMatchObject({ code: 'CACHE_UNREACHABLE', fault: 'machine' })
})

test('rejects where the store fails to remove', async () => {
  const { cache } = openCache({ store: adapter({ delete: fail }).store })
  await cache.swap('a', undefined, record)
  await expect(cache.swap('a', 'v1', undefined)).rejects.toMatchObject({ code: 'CACHE_UNREACHABLE' })
})

test('rejects where the store answers that it has not stored', async () => {
  const { cache } = openCache({ store: adapter({ set: async () => false }).store })
  await expect(cache.swap('a', undefined, record)).rejects.toMatchObject({ code: 'CACHE_UNREACHABLE' })
})

test('rejects where a Keyv that hides its errors fails', async () => {
  const { cache } = openCache({ store: new Keyv({ store: adapter({ get: fail }).store }) })
  await expect(cache.get('a')).rejects.toMatchObject({ code: 'CACHE_UNREACHABLE' })
})

test('stores records where the Keyv it was given finds them', async () => {
  const keyv = new Keyv({ store: adapter().store, namespace: 'mine' })
  const { cache } = openCache({ store: keyv })
  await cache.swap('a', undefined, record)
  expect(await keyv.get('a')).toEqual(record)
  expect(keyv.throwOnErrors).toBe(false)
})

test('keeps namespaces apart', async () => {
  const { store, values } = adapter()
  await openCache({ store }).cache.swap('a', undefined, record)
  await openCache({ store, namespace: 'mine' }).cache.swap('a', undefined, record)
  expect([...values.keys()]).toEqual(['latent-image:a', 'mine:a'])
})

test('tells the store how long to keep a record', async () => {
  const { store, lifetimes } = adapter()
  const { cache } = openCache({ store, ttl: 500 })
  await cache.swap('a', undefined, record)
  await cache.swap('b', undefined, record, 99.5)
  await cache.swap('c', undefined, { ...record, stale: true })
  expect(lifetimes).toEqual([500, 100, undefined])
})
