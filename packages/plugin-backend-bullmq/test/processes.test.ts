import { join } from 'node:path'
import { redisAvailable } from '@latent-image/testkit'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { ended, messageOf } from './programs/run-program.ts'
import { madeIn, sharedKernel } from './programs/shared-kernel.js'
import { filesBelow, stage } from './programs/stage.ts'

describe.skipIf(!redisAvailable())('several processes', () => {
  test('make one file once, however many ask for it in each', { timeout: 60_000 }, async () => {
    const { directory, startReady } = await stage(['burst.png'])
    const readers = await Promise.all(Array.from({ length: 4 }, () => startReady('read')))
    const outcomes = readers.map(messageOf)
    for (const reader of readers) reader.send('go')
    const all = (await Promise.all(outcomes)).flatMap((outcome) => outcome as string[])
    expect(all).toHaveLength(200)
    expect(new Set(all)).toEqual(new Set(['scheduled']))
    const worker = await startReady('worker')
    await vi.waitFor(async () => expect(await madeIn(directory)).toEqual(['burst.png']), { timeout: 20_000 })
    worker.kill('SIGTERM')
    expect(await ended(worker)).toBe(0)
    expect(await madeIn(directory)).toHaveLength(1)
  })

  test('leave no temporary files when they are told to end', { timeout: 60_000 }, async () => {
    const names = Array.from({ length: 60 }, (_, index) => `${index}.png`)
    const { redis, directory, startReady } = await stage(names)
    const worker = await startReady('worker')
    const { kernel } = sharedKernel(directory, redis.url)
    onTestFinished(() => kernel.close())
    await Promise.all(names.map((source) => kernel.file('slow', { source }).generate()))
    await vi.waitFor(async () => expect((await madeIn(directory)).length).toBeGreaterThan(4), { timeout: 20_000 })
    worker.kill('SIGTERM')
    expect(await ended(worker)).toBe(0)
    const made = new Set(await madeIn(directory)).size
    expect(made).toBeLessThan(60)
    const left = await filesBelow(join(directory, 'media', 'CACHE'))
    expect(left).toHaveLength(made)
    expect(left.filter((name) => !/^[0-9a-f]{32}\.png$/.test(name))).toEqual([])
  })

  test('end by themselves when Redis is gone for good', { timeout: 60_000 }, async () => {
    const { redis, startReady } = await stage([])
    const worker = await startReady('worker')
    const warned = messageOf(worker)
    await redis.kill()
    expect(await warned).toBe('warned')
    worker.kill('SIGTERM')
    expect(await ended(worker)).toBe(0)
  })
})
