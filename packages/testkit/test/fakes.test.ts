import { LatentImageError } from '@latent-image/kernel'
import { createMemoryStorage } from '@latent-image/plugin-storage-memory'
import { describe, expect, test, vi } from 'vitest'
import {
  cacheConformance,
  fakeCache,
  fakeGenerator,
  fakeSourceGroup,
  fakeStorage,
  Gate,
  manualClock,
  storageConformance,
  systemError,
  testKernel,
} from '../src/index.ts'

const info = { type: 'image/webp' }
const bytes = (text: string) => new TextEncoder().encode(text)

describe('an undisturbed fake is a good driver', () => {
  for (const { name, run } of storageConformance(() => fakeStorage())) test(`storage: ${name}`, run)
  for (const { name, run } of cacheConformance(() => {
    const records = fakeCache()
    return { cache: records, peer: records }
  })) {
    test(`cache: ${name}`, run)
  }
})

describe('Gate', () => {
  test('lets pass while it is open', async () => {
    await new Gate().pass()
  })

  test('holds while it is closed, and tells how many wait', async () => {
    const gate = new Gate()
    const passed = vi.fn()
    gate.close()
    gate.close()
    const calls = [gate.pass().then(passed), gate.pass().then(passed)]
    await gate.reached(2)
    expect(gate.waiting).toBe(2)
    expect(passed).not.toHaveBeenCalled()
    gate.open()
    await Promise.all(calls)
    expect(gate.waiting).toBe(0)
    await gate.pass()
  })

  test('lets go of a call whose signal is aborted', async () => {
    const gate = new Gate()
    gate.close()
    const controller = new AbortController()
    const call = gate.pass(controller.signal)
    controller.abort(new Error('not wanted'))
    await expect(call).rejects.toThrow('not wanted')
    await expect(gate.pass(controller.signal)).rejects.toThrow('not wanted')
    expect(gate.waiting).toBe(0)
  })
})

describe('manualClock', () => {
  test('stands still until it is moved', () => {
    const clock = manualClock(1000)
    expect(clock.now()).toBe(1000)
    clock.advance(50)
    clock.advance(-100)
    expect(clock.now()).toBe(950)
  })
})

describe('fakeStorage', () => {
  test('counts calls, but not those of the storage behind it', async () => {
    const storage = fakeStorage()
    await storage.write('a', bytes('a'), info)
    await storage.read('a')
    await storage.read('a')
    await storage.inner.delete('a')
    for await (const key of storage.list()) expect(key).toBeUndefined()
    await storage.url('a')
    expect(storage.calls).toEqual({ write: 1, read: 2, stream: 0, stat: 0, delete: 0, list: 1, url: 1 })
    storage.resetCalls()
    expect(storage.calls.read).toBe(0)
  })

  test('holds a call before anything is done', async () => {
    const storage = fakeStorage()
    storage.before.write.close()
    const written = storage.write('a', bytes('a'), info)
    await storage.before.write.reached()
    expect(await storage.stat('a')).toBeUndefined()
    storage.before.write.open()
    await written
    expect(await storage.stat('a')).toMatchObject({ size: 1 })
  })

  test('holds an answer, which then tells how things were', async () => {
    const storage = fakeStorage()
    storage.after.stat.close()
    const answer = storage.stat('a')
    await storage.after.stat.reached()
    await storage.write('a', bytes('a'), info)
    storage.after.stat.open()
    expect(await answer).toBeUndefined()
  })

  test('fails as it is told, until it is told otherwise', async () => {
    const storage = fakeStorage(createMemoryStorage({ baseUrl: '/m/' }))
    for (const method of ['write', 'url', 'list'] as const) storage.failures[method] = systemError('EIO')
    await expect(storage.write('a', bytes('a'), info)).rejects.toMatchObject({ code: 'EIO' })
    expect(() => storage.url('a')).toThrow('EIO')
    await expect(storage.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'EIO' })
    storage.failures.url = undefined
    expect(storage.url('a')).toBe('/m/a')
    expect(await storage.inner.stat('a')).toBeUndefined()
  })
})

describe('fakeCache', () => {
  test('forgets what has expired', async () => {
    const clock = manualClock()
    const cache = fakeCache({ now: clock.now })
    await cache.swap('a', undefined, { version: '1' }, 100)
    clock.advance(99)
    expect(await cache.get('a')).toEqual({ version: '1' })
    clock.advance(1)
    expect(await cache.get('a')).toBeUndefined()
  })

  test('never answers while it is frozen', async () => {
    const cache = fakeCache()
    cache.mood = 'frozen'
    const answered = vi.fn()
    void cache.get('a').then(answered)
    void cache.swap('a', undefined, { version: '1' }).then(answered)
    await new Promise(setImmediate)
    expect(answered).not.toHaveBeenCalled()
    expect(cache.calls).toEqual({ get: 1, swap: 1 })
  })

  test('rejects while it is failing', async () => {
    const cache = fakeCache()
    cache.mood = 'failing'
    await expect(cache.get('a')).rejects.toThrow('as it was told to')
    await expect(cache.swap('a', undefined, { version: '1' })).rejects.toThrow('as it was told to')
  })

  test('says that it stored what it did not while it is lying', async () => {
    const cache = fakeCache()
    cache.mood = 'lying'
    expect(await cache.swap('a', undefined, { version: '1' })).toBe(true)
    expect(cache.records.size).toBe(0)
  })

  test('holds answers', async () => {
    const cache = fakeCache()
    cache.after.get.close()
    const answer = cache.get('a')
    await cache.after.get.reached()
    await cache.swap('a', undefined, { version: '1' })
    cache.after.get.open()
    expect(await answer).toBeUndefined()
  })

  test('says of itself what it is told to', () => {
    const supports = { sharedBetweenProcesses: false, atomicSwap: false }
    expect(fakeCache({ supports }).supports).toBe(supports)
  })
})

describe('fakeGenerator', () => {
  test('makes bytes that tell source, params and fingerprint apart', async () => {
    const generator = fakeGenerator()
    const images = [
      generator.imageOf(),
      generator.imageOf(bytes('a')),
      generator.imageOf(bytes('b')),
      generator.imageOf(bytes('a'), { width: 1 }),
      fakeGenerator({ fingerprint: 'other' }).imageOf(bytes('a')),
    ]
    expect(new Set(images.map(String)).size).toBe(images.length)
  })

  test('generates what it says it does, and counts', async () => {
    const { kernel } = testKernel({ generators: { fake: fakeGenerator({ source: 'none' }) } })
    const generator = fakeGenerator({ source: 'none', fingerprint: 'counted' })
    kernel.register('counted', generator)
    const file = kernel.file('counted', { params: { width: 1 } })
    expect(await file.bytes()).toEqual(generator.imageOf(undefined, { width: 1 }))
    expect(await file.metadata()).toMatchObject({ width: 20, height: 10, type: 'image/webp' })
    expect(generator.calls).toEqual({ generate: 1, inspect: 0 })
    expect(file.name).toMatch(/\.webp$/)
    await kernel.close()
  })

  test('inspects, unless told otherwise', async () => {
    const generator = fakeGenerator()
    expect(await generator.inspect?.(bytes('a'))).toMatchObject({ width: 20 })
    expect(generator.calls.inspect).toBe(1)
    expect(fakeGenerator({ inspects: false }).inspect).toBeUndefined()
  })
})

describe('fakeSourceGroup', () => {
  test('enumerates, and counts what is taken', async () => {
    const group = fakeSourceGroup({ sources: { 'a.jpg': bytes('a'), 'b.jpg': bytes('b') } })
    for await (const { source } of group.items()) {
      expect(source).toMatchObject({ name: 'a.jpg' })
      break
    }
    expect(group.calls).toEqual({ items: 1, taken: 1 })
  })

  test('feeds a kernel', async () => {
    const generator = fakeGenerator()
    const group = fakeSourceGroup({ for: 'thumbnail', sources: { 'a.jpg': bytes('a') } })
    const { kernel } = testKernel({ generators: { thumbnail: generator, other: fakeGenerator() }, sources: [group] })
    const files = []
    for await (const file of kernel.files()) files.push(file)
    expect(files.map(String)).toHaveLength(1)
    expect(await files[0]?.bytes()).toEqual(generator.imageOf(bytes('a')))
    await kernel.close()
  })
})

describe('what the fakes are for', () => {
  const name = 'kim.jpg'

  async function withOriginal(options: Parameters<typeof testKernel>[1] = {}) {
    const generator = fakeGenerator()
    const fakes = testKernel({ generators: { thumbnail: generator } }, options)
    await fakes.originals.write(name, bytes('kim'), info)
    return { ...fakes, generator, file: fakes.kernel.file('thumbnail', { source: name }) }
  }

  test('a page view of what is known calls no storage', async () => {
    const { kernel, file, storage } = await withOriginal()
    await file.bytes()
    storage.resetCalls()
    await file.exists()
    await file.width()
    expect(storage.calls).toMatchObject({ stat: 0, read: 0, stream: 0, list: 0 })
    await kernel.close()
  })

  test('a frozen cache does not stop what storage can serve', async () => {
    const { kernel, file, cache, generator } = await withOriginal()
    cache.mood = 'frozen'
    expect(await file.bytes()).toEqual(generator.imageOf(bytes('kim')))
    await kernel.close()
  })

  test('a slow answer of the storage does not bring back a file that was deleted meanwhile', async () => {
    const first = await withOriginal()
    const { storage, cache, originals } = first
    const second = await withOriginal({ storage, cache, originals })
    await first.file.bytes()
    cache.records.clear()
    storage.after.stat.close()
    const slow = second.file.state()
    await storage.after.stat.reached()
    await first.file.delete()
    storage.after.stat.open()
    expect(await slow).toEqual({ state: 'absent' })
    expect(await second.file.state()).toEqual({ state: 'absent' })
    await Promise.all([first.kernel.close(), second.kernel.close()])
  })

  test('a file that vanished is made again', async () => {
    const { kernel, file, storage, generator } = await withOriginal()
    await file.bytes()
    await storage.inner.delete(String(file))
    expect(await file.bytes()).toEqual(generator.imageOf(bytes('kim')))
    expect(generator.calls.generate).toBe(2)
    await kernel.close()
  })

  test.each(['ENOSPC', 'EMFILE'])('%s is an error now, and passes', async (code) => {
    const { kernel, file, storage } = await withOriginal()
    storage.failures.write = systemError(code)
    await expect(file.bytes()).rejects.toMatchObject({ fault: 'machine', cause: { code } })
    storage.failures.write = undefined
    await expect(file.bytes()).resolves.toBeInstanceOf(Uint8Array)
    await kernel.close()
  })

  test('a broken source is told by the state', async () => {
    const { kernel, file, generator } = await withOriginal()
    generator.failure = new LatentImageError('BROKEN', 'It is broken.', { fault: 'source' })
    await expect(file.bytes()).rejects.toMatchObject({ code: 'BROKEN' })
    expect(await file.state()).toMatchObject({ state: 'failed', failure: { code: 'BROKEN' } })
    await kernel.close()
  })

  test('an owner that was paused past its lease does not undo what its successor made', async () => {
    const clock = manualClock()
    const paused = await withOriginal({ now: clock.now })
    const { storage, cache, originals } = paused
    const successor = await withOriginal({ now: clock.now, storage, cache, originals })
    paused.generator.gate.close()
    const late = paused.file.bytes()
    await paused.generator.gate.reached()
    clock.advance(31_000)

    await originals.write(name, bytes('new'), info)
    expect(await successor.file.bytes()).toEqual(successor.generator.imageOf(bytes('new')))
    paused.generator.gate.open()

    expect(await late).toEqual(successor.generator.imageOf(bytes('new')))
    expect(await storage.inner.read(String(successor.file))).toEqual(successor.generator.imageOf(bytes('new')))
    await Promise.all([paused.kernel.close(), successor.kernel.close()])
  })
})
