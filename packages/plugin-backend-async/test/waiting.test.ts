import { createKernel, LatentImageError } from '@latent-image/kernel'
import { asyncBackend, awaitedFirst } from '@latent-image/plugin-backend-async'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { memoryStorage } from '@latent-image/plugin-storage-memory'
import { jit } from '@latent-image/plugin-strategy-jit'
import { fakeGenerator } from '@latent-image/testkit'
import { expect, test, vi } from 'vitest'

/** Milliseconds before the second attempt. */
const pause = 50

async function deferred(waitFor?: number) {
  const generator = fakeGenerator()
  const backend = asyncBackend({ pause, ...(waitFor !== undefined && { waitFor }) })
  const kernel = createKernel({
    plugins: [jit(), backend, memoryStorage(), keyvCache()],
    generators: { thumbnail: generator },
  })
  await kernel.source('kim.jpg').save(new Uint8Array([1]))
  return { generator, kernel, file: kernel.file('thumbnail', { source: 'kim.jpg' }) }
}

test('a reader of a file on its way is told when to come back', async () => {
  const { file, kernel } = await deferred()
  await expect(file.bytes()).rejects.toMatchObject({ code: 'PENDING', retryAfter: expect.any(Number) })
  await kernel.close()
})

test('a call waits as long as it says', async () => {
  const { file, kernel } = await deferred()
  expect((await file.bytes({ waitFor: 10_000 })).byteLength).toBeGreaterThan(0)
  expect(await file.width({ waitFor: 10_000 })).toBeGreaterThan(0)
  await kernel.close()
})

test('a call that says nothing waits as long as the plugin says', async () => {
  const { file, kernel } = await deferred(10_000)
  expect((await file.bytes()).byteLength).toBeGreaterThan(0)
  await kernel.close()
})

test('a call that does not want to wait is not made to by the plugin', async () => {
  const { file, kernel } = await deferred(10_000)
  await expect(file.bytes({ waitFor: 0 })).rejects.toMatchObject({ code: 'PENDING' })
  await kernel.close()
})

test('a reader waits for the next attempt, which keeps its pause', async () => {
  const { file, kernel, generator } = await deferred()
  generator.failure = new LatentImageError('FAKE', 'It fails as it was told to.', { fault: 'machine' })
  const failed = new Promise<number>((resolve) => kernel.events.once('failed', () => resolve(performance.now())))
  const reading = Promise.all([file.bytes({ waitFor: 10_000 }), file.width({ waitFor: 10_000 })])
  const began = await failed
  generator.failure = undefined
  await reading
  // Timers count whole milliseconds.
  expect(performance.now() - began).toBeGreaterThanOrEqual(pause - 1)
  expect(generator.calls.generate).toBe(2)
  await kernel.close()
})

test('`exists` never waits', async () => {
  const { file, kernel } = await deferred(10_000)
  expect(await file.exists()).toBe(false)
  await kernel.idle()
  expect(await file.exists()).toBe(true)
  await kernel.close()
})

test('refuses a `waitFor` that is no number of milliseconds', () => {
  expect(() => asyncBackend({ waitFor: -1 })).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS' }))
})

test('what somebody waits for goes before what is made in advance', async () => {
  const made: string[] = []
  const generator = fakeGenerator()
  const kernel = createKernel({
    plugins: [jit(), asyncBackend({ concurrency: 1 }), memoryStorage(), keyvCache()],
    generators: { thumbnail: generator },
  })
  kernel.events.on('generated', ({ file }) => made.push(file.source?.name ?? ''))
  const file = (name: string) => kernel.file('thumbnail', { source: { name, open: async () => new Uint8Array([1]) } })
  generator.gate.close()
  await file('under way').generate()
  await file('in advance').generate()
  expect(await file('awaited').exists()).toBe(false)
  generator.gate.open()
  await kernel.idle()
  expect(made).toEqual(['under way', 'awaited', 'in advance'])
  await kernel.close()
})

test('what is made in advance goes first once a reader waits for it', async () => {
  const made: string[] = []
  const generator = fakeGenerator()
  const priority = vi.fn(awaitedFirst)
  const kernel = createKernel({
    plugins: [jit(), asyncBackend({ concurrency: 1, waitFor: 10_000, priority }), memoryStorage(), keyvCache()],
    generators: { thumbnail: generator },
  })
  kernel.events.on('generated', ({ file }) => made.push(file.source?.name ?? ''))
  const file = (name: string) => kernel.file('thumbnail', { source: { name, open: async () => new Uint8Array([1]) } })
  generator.gate.close()
  for (const name of ['under way', 'in advance', 'awaited']) await file(name).generate()
  const reading = file('awaited').bytes()
  await vi.waitFor(() => expect(priority).toHaveBeenCalledWith(expect.anything(), true))
  generator.gate.open()
  await reading
  await kernel.idle()
  expect(made).toEqual(['under way', 'awaited', 'in advance'])
  await kernel.close()
})
