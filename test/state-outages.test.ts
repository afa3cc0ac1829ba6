import { setTimeout } from 'node:timers/promises'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import {
  fakeGenerator,
  fakeStorage,
  type RedisServer,
  redisAvailable,
  startRedis,
  testKernel,
} from '@latent-image/testkit'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { lived } from './lived.ts'

/** Milliseconds that an outage may cost once, and a measurement cannot tell from nothing. */
const cost = 300
const nothing = 150
/** Milliseconds after which all is normal again. */
const recovery = 2_000

const unhandled = vi.fn()
beforeAll(() => void process.on('unhandledRejection', unhandled))
afterAll(() => {
  process.off('unhandledRejection', unhandled)
  expect(unhandled).not.toHaveBeenCalled()
})

/** A storage with fifty files, and kernels that know of them from Redis alone: they remember nothing. */
async function stage() {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const storage = fakeStorage()
  const names = Array.from({ length: 50 }, (_, index) => `${index}.png`)
  const open = () => {
    const { kernel, originals } = testKernel(
      { plugins: [keyvCache({ store: redis.url })], generators: { any: fakeGenerator() }, state: { memory: 0 } },
      { storage },
    )
    onTestFinished(() => kernel.close())
    const outages = vi.fn()
    const recoveries = vi.fn()
    kernel.events.on('cacheUnavailable', outages).on('cacheRestored', recoveries)
    const readAll = () => Promise.all(names.map((source) => kernel.file('any', { source }).bytes()))
    return { originals, readAll, outages, recoveries }
  }
  const { originals, readAll } = open()
  for (const name of names) await originals.write(name, new Uint8Array([1]), { type: 'image/png' })
  const bytes = await readAll()
  expect(storage.calls.write).toBe(names.length)
  /** Whether another process would know of all files without looking for them. */
  const isAllKnown = async () => {
    const other = open()
    storage.resetCalls()
    await other.readAll()
    return storage.calls.stat === 0
  }
  return { redis, open, bytes, isAllKnown, storage }
}

type Stage = Awaited<ReturnType<typeof stage>>
type Reader = ReturnType<Stage['open']>

/** Reads for some time and expects the right bytes; resolves to the milliseconds of the reads that somebody notices. */
async function slowReads({ readAll }: Reader, { bytes }: Stage, duration: number): Promise<number[]> {
  const times: number[] = []
  for (const end = performance.now() + duration; performance.now() < end; await setTimeout(20)) {
    times.push(await lived(async () => expect(await readAll()).toEqual(bytes)))
  }
  return times.filter((time) => time > nothing)
}

const restored = ({ recoveries }: Reader, times: number) =>
  vi.waitFor(() => expect(recoveries).toHaveBeenCalledTimes(times), { timeout: 20_000, interval: 10 })

const troubles: Record<string, { begin(redis: RedisServer): unknown; end(redis: RedisServer): unknown }> = {
  down: { begin: (redis) => redis.kill(), end: (redis) => redis.restart() },
  frozen: { begin: (redis) => redis.freeze(), end: (redis) => redis.thaw() },
  full: {
    begin: async (redis) => {
      // What is known already would be read only.
      await redis.cli('FLUSHALL')
      await redis.cli('CONFIG', 'SET', 'maxmemory', '1')
    },
    end: (redis) => redis.cli('CONFIG', 'SET', 'maxmemory', '0'),
  },
}

describe.skipIf(!redisAvailable())('reads of files that storage has', () => {
  describe.each(Object.keys(troubles))('while Redis is %s', (name) => {
    test.each([
      ['in the middle', true],
      ['from the start', false],
    ])('wait once at most, and state is back with Redis: %s', async (_, isUsedBefore) => {
      const staged = await stage()
      const { redis, open, isAllKnown } = staged
      const reader = open()
      if (isUsedBefore) await reader.readAll()
      await troubles[name]?.begin(redis)
      expect(await lived(reader.readAll)).toBeLessThanOrEqual(cost)
      expect(await slowReads(reader, staged, 2_500)).toEqual([])
      expect([reader.outages.mock.calls.length, reader.recoveries.mock.calls.length]).toEqual([1, 0])

      await troubles[name]?.end(redis)
      expect(await lived(() => restored(reader, 1))).toBeLessThanOrEqual(recovery)
      await reader.readAll()
      expect(await isAllKnown()).toBe(true)
      expect([reader.outages.mock.calls.length, reader.recoveries.mock.calls.length]).toEqual([1, 1])
    })
  })

  test('are served from a Redis that loses everything meanwhile', async () => {
    const staged = await stage()
    const { redis, open, isAllKnown } = staged
    const reader = open()
    await reader.readAll()
    const reads = slowReads(reader, staged, 2_500)
    await redis.restart()
    expect((await reads).filter((time) => time > cost)).toEqual([])
    await restored(reader, reader.outages.mock.calls.length)
    expect(reader.outages.mock.calls.length).toBeLessThanOrEqual(1)
    await reader.readAll()
    expect(await isAllKnown()).toBe(true)
  })

  test('are served where its keys are not ours, and put that right', async () => {
    const staged = await stage()
    const { redis, open, isAllKnown } = staged
    const spoil = `for _, key in ipairs(redis.call('KEYS', '*')) do redis.call('DEL', key) redis.call('HSET', key, 'a', 'b') end`
    await redis.cli('EVAL', spoil, '0')
    const reader = open()
    expect(await lived(async () => expect(await reader.readAll()).toEqual(staged.bytes))).toBeLessThanOrEqual(cost)
    expect(reader.outages).not.toHaveBeenCalled()
    expect(await isAllKnown()).toBe(true)
  })

  test('wait once at most for each time that it comes and goes, of which each is told once', async () => {
    const staged = await stage()
    const { redis, open, bytes, isAllKnown } = staged
    const reader = open()
    await reader.readAll()
    for (const [index, name] of ['down', 'frozen', 'down', 'frozen', 'down'].entries()) {
      await troubles[name]?.begin(redis)
      expect(await lived(reader.readAll)).toBeLessThanOrEqual(cost)
      expect(await slowReads(reader, staged, 100)).toEqual([])
      await troubles[name]?.end(redis)
      expect(await lived(() => restored(reader, index + 1))).toBeLessThanOrEqual(recovery)
      expect(await reader.readAll()).toEqual(bytes)
      expect(reader.outages).toHaveBeenCalledTimes(index + 1)
    }
    expect(await isAllKnown()).toBe(true)
  })
})
