import type { Kernel } from '@latent-image/kernel'
import { bullmqBackend } from '@latent-image/plugin-backend-bullmq'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { fakeGenerator, redisAvailable, testKernel } from '@latent-image/testkit'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { addForeignJob, eventually, ownRedis, stage } from './stage.ts'

const outcomeOf = (kernel: Kernel, name: string) =>
  kernel
    .file('generator', { source: name })
    .generate()
    .catch((error: { code: string }) => error.code)

describe.skipIf(!redisAvailable())('the backend', () => {
  test('schedules while nobody works, and a worker makes the files later', async () => {
    const { file, work, generator } = stage(await ownRedis())
    const one = await file('a.png')
    expect(await one.generate()).toBe('scheduled')
    expect(await one.exists()).toBe(false)
    expect(generator.calls.generate).toBe(0)
    work()
    await eventually(async () => expect(await one.exists()).toBe(true))
  })

  test('has readers wait for what a worker makes', async () => {
    const { file, work } = stage(await ownRedis())
    const one = await file('a.png')
    work()
    expect(await one.bytes({ waitFor: 20_000 })).toBeInstanceOf(Uint8Array)
  })

  test('rejects while Redis is down, and works once it is up', async () => {
    const redis = await ownRedis()
    await redis.kill()
    const { kernel, file, work } = stage(redis)
    const one = await file('a.png')
    await expect(one.generate()).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE', fault: 'machine' })
    expect(await one.exists()).toBe(false)
    work()
    await redis.restart()
    await eventually(async () => expect(await outcomeOf(kernel, 'a.png')).not.toBe('BACKEND_UNAVAILABLE'))
    await eventually(async () => expect(await one.exists()).toBe(true))
  })

  test('rejects while Redis is frozen, and what it gave up on has no effect', async () => {
    const redis = await ownRedis()
    const { file, work, generator } = stage(redis)
    await (await file('before.png')).generate()
    redis.freeze()
    const one = await file('a.png')
    await expect(one.generate()).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' })
    redis.thaw()
    work()
    const last = await file('after.png')
    await eventually(() => last.generate())
    await eventually(async () => expect(await last.exists()).toBe(true))
    expect(generator.calls.generate).toBe(2)
    expect(await one.state()).toEqual({ state: 'absent' })
  })

  test('rejects within a second where the state cache is on the same frozen Redis', async () => {
    const redis = await ownRedis()
    const backend = bullmqBackend({ connection: redis.url })
    const { kernel, originals } = testKernel({
      plugins: [backend, keyvCache({ store: redis.url })],
      generators: { generator: fakeGenerator() },
    })
    onTestFinished(() => kernel.close())
    for (const name of ['a.png', 'b.png']) await originals.write(name, new Uint8Array([1]), { type: 'image/png' })
    await kernel.file('generator', { source: 'a.png' }).generate()
    redis.freeze()
    const begun = performance.now()
    await expect(kernel.file('generator', { source: 'b.png' }).generate()).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
    })
    expect(performance.now() - begun).toBeLessThan(1_000)
    redis.thaw()
  })

  test('loses its queue with a Redis that loses everything, and is asked again', async () => {
    const redis = await ownRedis()
    const { kernel, file, work } = stage(redis)
    const one = await file('a.png')
    await one.generate()
    await redis.restart()
    work()
    await file('b.png')
    await eventually(async () => expect(await outcomeOf(kernel, 'b.png')).toMatch(/scheduled|exists/))
    await eventually(async () => expect(await kernel.file('generator', { source: 'b.png' }).exists()).toBe(true))
  })

  test('keeps working through a Redis that comes and goes', async () => {
    const redis = await ownRedis()
    const { kernel, file, work } = stage(redis)
    work()
    for (const name of ['a', 'b', 'c', 'd']) {
      await file(name)
      const asked = outcomeOf(kernel, name)
      await redis.kill()
      await redis.restart()
      await asked
    }
    const last = await file('last')
    await eventually(async () => expect(await outcomeOf(kernel, 'last')).toMatch(/scheduled|exists/))
    await eventually(async () => expect(await last.exists()).toBe(true))
  })

  test('tries again where it is the fault of the machine', async () => {
    const { file, work, generator } = stage(await ownRedis(), { attempts: 3 })
    generator.failure = Object.assign(new Error('no space'), { code: 'ENOSPC' })
    const one = await file('a.png')
    await one.generate()
    work()
    await eventually(() => expect(generator.calls.generate).toBe(2))
    generator.failure = undefined
    await eventually(async () => expect(await one.exists()).toBe(true))
    expect(generator.calls.generate).toBe(3)
  })

  test('makes one job of many orders for one file', async () => {
    const redis = await ownRedis()
    const { file, work, generator } = stage(redis)
    const one = await file('a.png')
    for (let round = 0; round < 5; round++) await one.generate({ force: true })
    expect(await redis.cli('ZCARD', 'bull:latent-image:prioritized')).toBe('1')
    work()
    await eventually(async () => expect(await one.exists()).toBe(true))
    expect(generator.calls.generate).toBe(1)
  })

  test.each([
    ['nothing', null],
    ['a list', []],
    ['wrong types', { file: { generator: 7, source: null, params: {}, name: null }, token: 't', attempt: 0 }],
    [
      'an unknown key',
      { file: { generator: 'generator', source: null, params: {}, name: null }, token: 't', attempt: 0, run: 'rm' },
    ],
    [
      'a negative attempt',
      { file: { generator: 'generator', source: null, params: {}, name: null }, token: 't', attempt: -1 },
    ],
    [
      'too much',
      {
        file: { generator: 'generator', source: null, params: 'x'.repeat(200_000), name: null },
        token: 't',
        attempt: 0,
      },
    ],
    [
      'an unknown generator',
      { file: { generator: 'other', source: { name: 'a.png' }, params: {}, name: 'a' }, token: 't', attempt: 0 },
    ],
    [
      'a path',
      {
        file: { generator: 'generator', source: { name: 'a.png' }, params: {}, name: '../../../etc/passwd' },
        token: 't',
        attempt: 0,
      },
    ],
  ])('refuses a job with %s, and works on', async (_, data) => {
    const redis = await ownRedis()
    const { kernel, file, work, storage } = stage(redis)
    const warned = vi.fn()
    kernel.events.on('warning', warned)
    const failures = await addForeignJob(redis, data)
    work()
    const one = await file('a.png')
    await one.generate()
    await eventually(async () => expect(await one.exists()).toBe(true))
    expect(await failures()).toHaveLength(1)
    expect(warned).toHaveBeenCalledOnce()
    expect(storage.calls.write).toBe(1)
  })

  test('refuses to work for a kernel that it is not part of', async () => {
    const redis = await ownRedis()
    const { kernel } = stage(redis)
    expect(() => bullmqBackend({ connection: redis.url }).work(kernel)).toThrow(
      expect.objectContaining({ code: 'NOT_APPLIED' }),
    )
  })

  test('refuses to work for a kernel that is closed', async () => {
    const { kernel, work } = stage(await ownRedis())
    await kernel.close()
    expect(() => work()).toThrow(expect.objectContaining({ code: 'QUEUE_CLOSED' }))
  })

  test('finishes the jobs under way when its worker is closed, and leaves the others', async () => {
    const redis = await ownRedis()
    const { file, work, generator } = stage(redis)
    const [one, two] = [await file('a.png'), await file('b.png')]
    generator.gate.close()
    await one.generate()
    await two.generate()
    const worker = work(1)
    await generator.gate.reached()
    const closing = worker.close()
    generator.gate.open()
    await closing
    expect(await one.exists()).toBe(true)
    expect(await redis.cli('ZCARD', 'bull:latent-image:prioritized')).toBe('1')
  })

  test.each([
    ['a `File`', new File(['upload'], 'kim.png')],
    ['a function that opens it', { name: 'kim.png', open: async () => new Uint8Array([1]) }],
  ])('refuses a source that brings its own bytes along as %s', async (_, source) => {
    const { kernel, file, work } = stage(await ownRedis())
    // Another's, of the same name.
    await file('kim.png')
    work()
    await expect(kernel.file('generator', { source }).generate()).rejects.toMatchObject({ code: 'SOURCE_STAYS' })
  })

  test('takes no other job once its kernel begins to close, and finishes those under way', async () => {
    const redis = await ownRedis()
    const { kernel, file, work, generator, storage } = stage(redis)
    generator.gate.close()
    for (const name of ['a.png', 'b.png', 'c.png']) await (await file(name)).generate()
    work(1)
    await generator.gate.reached()
    const closing = kernel.close()
    generator.gate.open()
    await closing
    expect(storage.calls.write).toBe(1)
    expect(await redis.cli('ZCARD', 'bull:latent-image:prioritized')).toBe('2')
    expect(await redis.cli('LLEN', 'bull:latent-image:active')).toBe('0')
  })

  test('stops waiting for the jobs under way after the limit', async () => {
    const { file, work, generator } = stage(await ownRedis())
    generator.gate.close()
    await (await file('a.png')).generate()
    const worker = work(1)
    await generator.gate.reached()
    await worker.close(50)
    expect(generator.gate.waiting).toBe(1)
  })
})
