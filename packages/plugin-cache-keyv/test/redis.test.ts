import { once } from 'node:events'
import KeyvRedis, { createClient, createCluster, createKeyv } from '@keyv/redis'
import type { FileState } from '@latent-image/kernel'
import { type RedisServer, redisAvailable, startRedis } from '@latent-image/testkit'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { openCache } from './open-cache.ts'
import { messageOf, runProgram } from './programs/run-program.ts'

const record: FileState = { version: 'v1', bytes: 'present' }

/** Waits until what was broken works again. */
const eventually = <Result>(call: () => Result | Promise<Result>) => vi.waitFor(call, { timeout: 10_000, interval: 20 })

async function ownRedis(settings?: Record<string, string>): Promise<RedisServer> {
  const redis = await startRedis(settings)
  onTestFinished(() => redis.stop())
  return redis
}

function open(...args: Parameters<typeof openCache>) {
  const opened = openCache(...args)
  onTestFinished(opened.release)
  return opened.cache
}

describe.skipIf(!redisAvailable())('on a Redis that is well', () => {
  let redis: RedisServer
  let client: ReturnType<typeof createClient>

  beforeAll(async () => {
    redis = await startRedis()
    client = createClient({ url: redis.url })
    await client.connect()
  })
  beforeEach(() => client.flushAll())
  afterAll(async () => {
    client.destroy()
    await redis.stop()
  })

  test('stores records where Keyv finds them', async () => {
    const cache = open({ store: redis.url, namespace: 'mine' })
    await cache.swap('a', undefined, { ...record, failure: { code: ':odd', message: ':base64:x', count: 1, until: 2 } })
    const keyv = createKeyv(redis.url, { namespace: 'mine' })
    onTestFinished(() => keyv.disconnect())
    expect(await keyv.get('a')).toEqual(await cache.get('a'))
  })

  test('finds records that Keyv stored', async () => {
    const keyv = createKeyv(redis.url, { namespace: 'mine' })
    onTestFinished(() => keyv.disconnect())
    await keyv.set('a', { version: ':v1', bytes: 'absent' })
    const cache = open({ store: redis.url, namespace: 'mine' })
    expect(await cache.get('a')).toEqual({ version: ':v1', bytes: 'absent' })
    expect(await cache.swap('a', ':v1', record)).toBe(true)
  })

  test('keeps namespaces apart', async () => {
    const one = open({ store: redis.url, namespace: 'one' })
    const two = open({ store: redis.url, namespace: 'two' })
    expect(await one.swap('a', undefined, record)).toBe(true)
    expect(await two.get('a')).toBeUndefined()
    expect(await two.swap('a', undefined, record)).toBe(true)
  })

  test('keeps a record for ever where no time is given', async () => {
    await open({ store: redis.url }).swap('a', undefined, record)
    expect(await client.pTTL('latent-image::a')).toBe(-1)
  })

  test('forgets a record after the time that the swap gives', async () => {
    await open({ store: redis.url }).swap('a', undefined, record, 60_000)
    const left = await client.pTTL('latent-image::a')
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(60_000)
  })

  test.each([[{ ttl: 50_000, ttlMs: 60_000 }], [{ ttl: 60_000, ttlMs: 50_000 }], [{ ttl: 50_000, ttlMs: undefined }]])(
    'takes the shorter of two times: $ttl and $ttlMs',
    async ({ ttl, ttlMs }) => {
      await open({ store: redis.url, ttl }).swap('a', undefined, record, ttlMs)
      expect(await client.pTTL('latent-image::a')).toBeLessThanOrEqual(50_000)
      expect(await client.pTTL('latent-image::a')).toBeGreaterThan(0)
    },
  )

  test('keeps a record for ever again after a swap without a time', async () => {
    const cache = open({ store: redis.url })
    await cache.swap('a', undefined, record, 60_000)
    await cache.swap('a', 'v1', { version: 'v2' })
    expect(await client.pTTL('latent-image::a')).toBe(-1)
  })

  test.each([{ stale: true }, { work: { token: 't', until: 1 } }])('keeps %o in spite of `ttl`', async (reason) => {
    await open({ store: redis.url, ttl: 50 }).swap('a', undefined, { ...record, ...reason })
    expect(await client.pTTL('latent-image::a')).toBe(-1)
  })

  test('stores over bytes that are no text', async () => {
    await client.set('latent-image::a', Buffer.from([0xff, 0x00, 0xfe]))
    const cache = open({ store: redis.url })
    expect(await cache.get('a')).toBeUndefined()
    expect(await cache.swap('a', undefined, record)).toBe(true)
    expect(await cache.get('a')).toEqual(record)
  })

  test('stores over a value of another type', async () => {
    await client.hSet('latent-image::a', 'field', 'value')
    const cache = open({ store: redis.url })
    expect(await cache.get('a')).toBeUndefined()
    expect(await cache.swap('a', 'v1', record)).toBe(false)
    expect(await cache.swap('a', undefined, record)).toBe(true)
    expect(await cache.get('a')).toEqual(record)
  })

  test.each([
    '{"version":"v9","facts":7}',
    '{"version":"v9","bytes":"maybe"}',
    '{"version":"v9","work":{"token":"t"}}',
    '{"version":"v9","failure":"bad"}',
  ])('stores over what only looks like a record: %s', async (value) => {
    await client.set('latent-image::a', `{"value":${value}}`)
    const cache = open({ store: redis.url })
    expect(await cache.get('a')).toBeUndefined()
    expect(await cache.swap('a', undefined, record)).toBe(true)
  })

  test('removes what is no record', async () => {
    await client.set('latent-image::a', 'garbage')
    const cache = open({ store: redis.url })
    expect(await cache.swap('a', undefined, undefined)).toBe(true)
    expect(await client.exists('latent-image::a')).toBe(0)
  })

  test('swaps records with text that Redis cannot decode', async () => {
    const odd: FileState = { version: 'v1', failure: { code: 'X', message: 'half \ud83c a pair', count: 1, until: 2 } }
    const cache = open({ store: redis.url })
    expect(await cache.swap('a', undefined, odd)).toBe(true)
    expect(await cache.get('a')).toEqual(odd)
    expect(await cache.swap('a', undefined, record)).toBe(false)
    expect(await cache.swap('a', 'v0', record)).toBe(false)
    expect(await cache.swap('a', 'v1', record)).toBe(true)
  })

  test('leaves the connection of an adapter it was given alone', async () => {
    const keyv = createKeyv(redis.url)
    onTestFinished(() => keyv.disconnect())
    await keyv.set('mine', 1)
    const { cache, release } = openCache({ store: keyv })
    await cache.swap('a', undefined, record)
    await release()
    expect(await keyv.get('mine')).toBe(1)
    await expect(cache.get('a')).rejects.toMatchObject({ code: 'CACHE_RELEASED' })
  })

  test('refuses to be used after its release', async () => {
    const { cache, release } = openCache({ store: redis.url })
    await cache.get('a')
    await release()
    await expect(cache.get('a')).rejects.toMatchObject({ code: 'CACHE_RELEASED' })
    await expect(cache.swap('a', undefined, record)).rejects.toMatchObject({ code: 'CACHE_RELEASED' })
    expect(await client.exists('latent-image::a')).toBe(0)
  })

  test('finishes a swap under way when it is released', async () => {
    const { cache, release } = openCache({ store: redis.url })
    await cache.get('a')
    const [won] = await Promise.all([cache.swap('a', undefined, record), release()])
    expect(won).toBe(true)
  })

  test('can be released twice, and unused', async () => {
    const { release } = openCache({ store: redis.url })
    await release()
    await release()
  })

  test('leaves no connection behind', async () => {
    await eventually(async () => expect(await client.clientList()).toHaveLength(1))
    const opened = Array.from({ length: 5 }, () => openCache({ store: redis.url }))
    for (const { cache } of opened) await cache.get('a')
    expect(await client.clientList()).toHaveLength(6)
    await Promise.all(opened.map(({ release }) => release()))
    await eventually(async () => expect(await client.clientList()).toHaveLength(1))
  })

  test('selects the database of the address', async () => {
    await open({ store: `${redis.url}/3` }).swap('a', undefined, record)
    expect(await client.exists('latent-image::a')).toBe(0)
    expect(await redis.cli('-n', '3', 'EXISTS', 'latent-image::a')).toBe('1')
  })

  test('gives each of 500 keys to exactly one of four processes', async () => {
    const owners = ['a', 'b', 'c', 'd'].map((owner) => runProgram('claim', redis.url, owner))
    await Promise.all(owners.map(messageOf))
    const results = owners.map(messageOf)
    for (const owner of owners) owner.send('go')
    const won = (await Promise.all(results)).flatMap((keys) => keys as number[])
    expect(won.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, index) => index))
    await Promise.all(owners.map((owner) => (owner.exitCode === null ? once(owner, 'exit') : undefined)))
    expect(owners.map((owner) => owner.exitCode)).toEqual([0, 0, 0, 0])
  })
})

describe.skipIf(!redisAvailable())('on a Redis in trouble', () => {
  test('rejects while it is down, and works once it is up', async () => {
    const redis = await ownRedis()
    await redis.kill()
    const cache = open({ store: redis.url })
    await expect(cache.get('a')).rejects.toMatchObject({ code: 'CACHE_UNREACHABLE', fault: 'machine' })
    await expect(cache.swap('a', undefined, record)).rejects.toMatchObject({ code: 'CACHE_UNREACHABLE' })
    await redis.restart()
    await eventually(async () => expect(await cache.swap('a', undefined, record)).toBe(true))
    expect(await cache.get('a')).toEqual(record)
  })

  test('finds nothing after a restart that lost everything', async () => {
    const redis = await ownRedis()
    const cache = open({ store: redis.url })
    await cache.swap('a', undefined, record)
    await redis.restart()
    await eventually(async () => expect(await cache.get('a')).toBeUndefined())
    expect(await cache.swap('a', undefined, record)).toBe(true)
  })

  test('rejects what a frozen server does not answer, and recovers when it goes on', async () => {
    const redis = await ownRedis()
    const cache = open({ store: redis.url })
    await cache.swap('a', undefined, record)
    redis.freeze()
    const answers = await Promise.allSettled([cache.get('a'), cache.get('b'), cache.swap('a', 'v1', undefined)])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    await expect(cache.get('a')).rejects.toMatchObject({ code: 'CACHE_UNREACHABLE' })
    redis.thaw()
    await eventually(() => cache.get('a'))
  })

  test('rejects on first use of a frozen server', async () => {
    const redis = await ownRedis()
    redis.freeze()
    const cache = open({ store: redis.url })
    await expect(cache.get('a')).rejects.toMatchObject({ code: 'CACHE_UNREACHABLE' })
    redis.thaw()
    await eventually(async () => expect(await cache.get('a')).toBeUndefined())
  })

  test('stays connected while nobody asks', async () => {
    const redis = await ownRedis()
    const cache = open({ store: redis.url })
    await cache.get('a')
    const connection = async () => /id=(\d+) .* cmd=(?:get|ping)/.exec(await redis.cli('CLIENT', 'LIST'))?.[1]
    const pings = async () => Number(/cmdstat_ping:calls=(\d+)/.exec(await redis.cli('INFO', 'commandstats'))?.[1] ?? 0)
    const before = await connection()
    await eventually(async () => expect(await pings()).toBeGreaterThan(6))
    expect(before).toMatch(/\d/)
    expect(await connection()).toBe(before)
  })

  test('survives a server that comes and goes', async () => {
    const redis = await ownRedis()
    const cache = open({ store: redis.url })
    for (let round = 0; round < 6; round++) {
      await redis.kill()
      await Promise.allSettled(Array.from({ length: 20 }, (_, index) => cache.get(`${index}`)))
      await redis.restart()
      await Promise.allSettled(Array.from({ length: 20 }, (_, index) => cache.swap(`${index}`, undefined, record)))
    }
    await eventually(async () => expect(await cache.swap('after', undefined, record)).toBe(true))
  })

  test('rejects what does not fit, and still reads and removes', async () => {
    const redis = await ownRedis({ maxmemory: '2mb', 'maxmemory-policy': 'noeviction' })
    const cache = open({ store: redis.url })
    await cache.swap('a', undefined, record)
    const facts = { width: 1, height: 1, type: 'image/png', placeholder: 'x'.repeat(300_000) }
    const fill = async () => {
      for (let index = 0; index < 20; index++) await cache.swap(`${index}`, undefined, { version: 'v1', facts })
    }
    await expect(fill()).rejects.toMatchObject({ code: 'CACHE_UNREACHABLE', fault: 'machine' })
    expect(await cache.get('a')).toEqual(record)
    expect(await cache.swap('0', 'v1', undefined)).toBe(true)
    await eventually(async () => expect(await cache.swap('b', undefined, record)).toBe(true))
  })

  test('rejects while the password is wrong, without showing it', async () => {
    const redis = await ownRedis({ requirepass: 'right' })
    const cache = open({ store: redis.url.replace('//', '//:secret-word@') })
    const error: unknown = await cache.get('a').catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'CACHE_UNREACHABLE' })
    expect(String(error)).not.toContain('secret-word')
  })

  test('is atomic in a cluster, whose client stays open', async () => {
    const redis = await ownRedis({ 'cluster-enabled': 'yes' })
    await redis.cli('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
    await eventually(async () => expect(await redis.cli('CLUSTER', 'INFO')).toContain('cluster_state:ok'))
    const cluster = createCluster({ rootNodes: [{ url: redis.url }] })
    const { cache, release } = openCache({ store: new KeyvRedis(cluster) })
    expect(cache.supports).toEqual({ sharedBetweenProcesses: true, atomicSwap: true })
    const claims = ['a', 'b', 'c'].map((version) => cache.swap('key', undefined, { version }))
    expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1)
    await release()
    expect(cluster.isOpen).toBe(true)
    cluster.destroy()
  })

  describe('a program that releases the cache ends by itself', () => {
    const endOf = async (url: string) => {
      const program = runProgram('use-and-release', url)
      const [statuses, [code]] = await Promise.all([messageOf(program), once(program, 'exit')])
      return { statuses, code }
    }

    test('while Redis is well', async () => {
      const redis = await ownRedis()
      expect(await endOf(redis.url)).toEqual({ statuses: ['fulfilled', 'fulfilled'], code: 0 })
    })

    test('while Redis is down', async () => {
      const redis = await ownRedis()
      await redis.kill()
      expect(await endOf(redis.url)).toEqual({ statuses: ['rejected', 'rejected'], code: 0 })
    })

    test('while Redis is frozen', async () => {
      const redis = await ownRedis()
      redis.freeze()
      expect(await endOf(redis.url)).toEqual({ statuses: ['rejected', 'rejected'], code: 0 })
    })
  })
})
