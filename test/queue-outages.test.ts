import { bullmqBackend } from '@latent-image/plugin-backend-bullmq'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { fakeGenerator, type RedisServer, redisAvailable, startRedis, testKernel } from '@latent-image/testkit'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { lived } from './lived.ts'

const second = 1_000
/** Milliseconds that a state cache may take to be given up, and one turn more. */
const stateLimit = 300

const unhandled = vi.fn()
beforeAll(() => void process.on('unhandledRejection', unhandled))
afterAll(() => {
  process.off('unhandledRejection', unhandled)
  expect(unhandled).not.toHaveBeenCalled()
})

async function stage(sharesRedis: boolean) {
  const redis = await startRedis({ 'maxmemory-policy': 'noeviction' })
  onTestFinished(() => redis.stop())
  const plugins = [bullmqBackend({ connection: redis.url }), ...(sharesRedis ? [keyvCache({ store: redis.url })] : [])]
  const { kernel, originals } = testKernel({ plugins, generators: { any: fakeGenerator() } })
  onTestFinished(() => kernel.close())
  const file = async (source: string) => {
    await originals.write(source, new Uint8Array([1]), { type: 'image/png' })
    return kernel.file('any', { source })
  }
  return { redis, file }
}

const troubles: Record<string, { begin(redis: RedisServer): unknown; end(redis: RedisServer): unknown }> = {
  down: { begin: (redis) => redis.kill(), end: (redis) => redis.restart() },
  frozen: { begin: (redis) => redis.freeze(), end: (redis) => redis.thaw() },
  full: {
    begin: (redis) => redis.cli('CONFIG', 'SET', 'maxmemory', '1'),
    end: (redis) => redis.cli('CONFIG', 'SET', 'maxmemory', '0'),
  },
}

describe.skipIf(!redisAvailable())('`generate()` on a queue', () => {
  describe.each(Object.keys(troubles))('whose Redis is %s', (name) => {
    test.each([
      { since: 'the start', state: 'elsewhere', isUsedBefore: false, sharesRedis: false },
      { since: 'a while', state: 'elsewhere', isUsedBefore: true, sharesRedis: false },
      { since: 'the start', state: 'there too', isUsedBefore: false, sharesRedis: true },
      { since: 'a while', state: 'there too', isUsedBefore: true, sharesRedis: true },
    ])('rejects within a second: since $since, state $state', async ({ isUsedBefore, sharesRedis }) => {
      const { redis, file } = await stage(sharesRedis)
      if (isUsedBefore) await (await file('before.png')).generate()
      const files = await Promise.all(['a.png', 'b.png', 'c.png'].map(file))
      await troubles[name]?.begin(redis)
      const unavailable = { code: 'BACKEND_UNAVAILABLE' }
      const rejected = () =>
        Promise.all(files.map((each) => expect(each.generate()).rejects.toMatchObject(unavailable)))
      expect(await lived(rejected)).toBeLessThanOrEqual(sharesRedis ? stateLimit + second : second)
      expect(await lived(rejected)).toBeLessThanOrEqual(second)
      for (const each of files) expect(await each.exists()).toBe(false)

      await troubles[name]?.end(redis)
      const last = await file('last.png')
      const accepted = () =>
        vi.waitFor(async () => expect(await last.generate()).toBe('scheduled'), { timeout: 20_000 })
      expect(await lived(accepted)).toBeLessThanOrEqual(2 * second)
    })
  })
})
