import { createClient, createKeyv } from '@keyv/redis'
import type { KeyvCacheOptions } from '@latent-image/plugin-cache-keyv'
import { type CacheUnderTest, cacheConformance, redisAvailable, startRedis } from '@latent-image/testkit'
import { Keyv } from 'keyv'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { openCache } from './open-cache.ts'

type Defer = (release: () => unknown) => void

function open(defer: Defer, options?: KeyvCacheOptions) {
  const { cache, release } = openCache(options)
  defer(release)
  return cache
}

describe('memory', () => {
  for (const { name, run } of cacheConformance((defer) => ({ cache: open(defer) }))) test(name, run)
})

describe('a Map', () => {
  const suite = cacheConformance((defer): CacheUnderTest => {
    const store = new Map<string, unknown>()
    return {
      cache: open(defer, { store }),
      spoil: async (key, text) => void store.set(`latent-image:${key}`, text),
    }
  })
  for (const { name, run } of suite) test(name, run)
})

describe('a Keyv that other processes use too', () => {
  const suite = cacheConformance((defer): CacheUnderTest => {
    const store = new Map<string, string>()
    return {
      cache: open(defer, { store: new Keyv({ store, namespace: 'mine' }), shared: true }),
      peer: open(defer, { store: new Keyv({ store, namespace: 'mine' }), shared: true }),
      spoil: async (key, text) => void store.set(`mine:${key}`, text),
    }
  })
  for (const { name, run } of suite) test(name, run)
})

describe.skipIf(!redisAvailable())('Redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>
  let client: ReturnType<typeof createClient>

  beforeAll(async () => {
    redis = await startRedis()
    client = createClient({ url: redis.url })
    await client.connect()
  })

  afterAll(async () => {
    client.destroy()
    await redis.stop()
  })

  const stores: Record<string, { options: () => KeyvCacheOptions; prefix: string }> = {
    'by address': { options: () => ({ store: redis.url }), prefix: 'latent-image::' },
    'as an adapter': {
      options: () => ({ store: createKeyv(redis.url).store, namespace: 'other' }),
      prefix: 'other::',
    },
    'as a Keyv': { options: () => ({ store: createKeyv(redis.url, { namespace: 'app' }) }), prefix: 'app::' },
    'as a Keyv without a namespace': { options: () => ({ store: createKeyv(redis.url) }), prefix: '' },
    'as a Keyv with key prefixes': {
      options: () => ({ store: new Keyv(createKeyv(redis.url).store, { namespace: 'twice' }) }),
      prefix: 'twice::twice:',
    },
  }
  for (const [title, { options, prefix }] of Object.entries(stores)) {
    describe(title, () => {
      const suite = cacheConformance(async (defer): Promise<CacheUnderTest> => {
        await client.flushAll()
        return {
          cache: open(defer, options()),
          peer: open(defer, options()),
          spoil: async (key, text) => void (await client.set(`${prefix}${key}`, text)),
        }
      })
      for (const { name, run } of suite) test(name, run)
    })
  }
})
