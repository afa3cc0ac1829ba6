import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FileState, Kernel } from '../src/index.ts'
import { codeOf, pixels, World } from './support/world.ts'

// A cache that is down is tried again by this clock.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

test.each(['down', 'frozen'] as const)('a cache that is %s costs no read and is reported once', async (fault) => {
  const world = new World()
  const { kernel, thumb } = parts(world)
  const told = eventsOf(kernel)
  world.cache.fault = fault
  expect(await pixels(thumb)).toBe('thumb of kim 1')
  expect(await pixels(thumb)).toBe('thumb of kim 1')
  expect(await thumb.exists()).toBe(true)
  expect(world.generations).toBe(1)
  expect(told).toEqual(['cacheUnavailable'])
})

test('a cache that failed a few times is left alone for a while', async () => {
  const world = new World()
  const { kernel, thumb } = parts(world)
  world.cache.fault = 'down'
  await thumb.bytes()
  const { calls } = world.cache
  await kernel.file('icon', { source: 'kim.jpg' }).bytes()
  expect(world.cache.calls).toBe(calls)
})

test('nobody waits while a frozen cache is tried again', async () => {
  const world = new World()
  const { kernel, thumb } = parts(world)
  world.cache.fault = 'frozen'
  await thumb.bytes()
  const { calls } = world.cache
  vi.advanceTimersByTime(1_001)
  expect(await pixels(kernel.file('icon', { source: 'kim.jpg' }))).toBe('icon of kim 1')
  expect(await pixels(thumb)).toBe('thumb of kim 1')
  expect(world.cache.calls).toBe(calls + 1)
})

test('a cache that is back is asked again, and gets to know what was learned meanwhile', async () => {
  const world = new World()
  const { kernel, thumb } = parts(world)
  const told = eventsOf(kernel)
  world.cache.fault = 'down'
  await thumb.bytes()
  await restored(world)
  expect(told).toEqual(['cacheUnavailable', 'cacheRestored'])
  world.calls = []
  expect(await world.process().thumb().width()).toBe('thumb of kim 1'.length)
  expect(world.calls).toEqual([])
})

test('what became old during an outage is old for others when the cache is back', async () => {
  const world = new World()
  const { kernel, thumb } = parts(world)
  const other = world.process({ plugins: [] })
  await thumb.bytes()
  world.cache.fault = 'down'
  world.sources.set('kim.jpg', 'kim 2')
  world.before = fullDisk
  expect(await kernel.sourceSaved('kim.jpg', { for: 'thumb' })).toMatchObject([{ error: { code: 'STORAGE_FAILED' } }])
  world.before = () => undefined
  await restored(world)
  expect(await other.thumb().exists()).toBe(false)
  expect(await pixels(thumb)).toBe('thumb of kim 2')
})

test('what was learned in an outage is brought to the cache when the kernel closes, or said to be lost', async () => {
  const world = new World()
  const [able, unable] = [world.process(), world.process()]
  const told: unknown[] = []
  for (const { kernel } of [able, unable]) kernel.events.on('warning', ({ plugin }) => told.push(plugin))
  await able.thumb().generate()
  world.cache.fault = 'down'
  await able.thumb().delete()
  await unable.adHoc().delete()
  await unable.kernel.close()
  expect(told).toEqual(['world'])
  world.cache.fault = undefined
  await able.kernel.close()
  expect(told).toEqual(['world'])
  expect(await world.process({ plugins: [] }).thumb().exists()).toBe(false)
})

test('what is fresh here is not believed where others made it old during the outage', async () => {
  const world = new World()
  const { thumb } = parts(world)
  const other = world.process()
  await thumb.bytes()
  world.cache.fault = 'down'
  world.time += 31_000
  await thumb.state()
  world.cache.fault = undefined
  world.sources.set('kim.jpg', 'kim 2')
  world.before = fullDisk
  await other.kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  world.before = () => undefined
  world.time += 31_000
  await restored(world)
  expect(await pixels(thumb)).toBe('thumb of kim 2')
})

test('a cache that comes and goes loses nothing', async () => {
  const property = fc.asyncProperty(fc.infiniteStream(fc.boolean()), async (isDown) => {
    const world = new World()
    const { kernel, thumb } = parts(world)
    const faults = isDown[Symbol.iterator]()
    // Time passes whenever it is asked for: a claim that an outage orphaned ends by itself.
    let now = world.time
    Object.defineProperty(world, 'time', { get: () => (now += 2_000) })
    world.cache.before = (_, key) => {
      world.cache.fault = faults.next().value ? 'down' : undefined
      if (key !== 'latent-image:probe') vi.advanceTimersByTime(1_001)
    }
    expect(await pixels(thumb)).toBe('thumb of kim 1')
    world.sources.set('kim.jpg', 'kim 2')
    await kernel.sourceSaved('kim.jpg', { for: 'thumb' })
    expect(await pixels(thumb)).toBe('thumb of kim 2')
  })
  await fc.assert(property, { numRuns: 50 })
})

test('a cache that loses any record at any moment costs work, not truth', async () => {
  const property = fc.asyncProperty(fc.array(fc.nat(40), { maxLength: 6 }), async (moments) => {
    const world = new World()
    const { kernel, thumb } = parts(world)
    world.cache.before = () => {
      if (moments.includes(world.cache.calls)) world.cache.records.clear()
    }
    expect(await pixels(thumb)).toBe('thumb of kim 1')
    world.sources.set('kim.jpg', 'kim 2')
    await kernel.sourceSaved('kim.jpg', { for: 'thumb' })
    expect(await pixels(thumb)).toBe('thumb of kim 2')
  })
  await fc.assert(property, { numRuns: 100 })
})

test.each(['at first', 'later'])('a cache that refuses every swap, %s, is an outage', async (when) => {
  const world = new World()
  const { kernel, thumb } = parts(world)
  const told = eventsOf(kernel)
  if (when === 'later') await thumb.state()
  world.cache.fault = 'refusing'
  expect(await pixels(thumb)).toBe('thumb of kim 1')
  world.sources.set('kim.jpg', 'kim 2')
  await kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  expect(await pixels(thumb)).toBe('thumb of kim 2')
  await thumb.delete()
  expect(await world.pixelsOf(thumb)).toBeUndefined()
  expect(world.generations).toBe(2)
  vi.advanceTimersByTime(1_001)
  await thumb.state()
  await turns()
  expect(told).toEqual(['cacheUnavailable'])
  await restored(world)
  expect(told).toEqual(['cacheUnavailable', 'cacheRestored'])
})

test('a cache that stores nothing that it says it stores is no endless loop', async () => {
  const world = new World()
  const { thumb } = parts(world)
  world.cache.get = async () => ({ version: '1', bytes: 'present', stale: true })
  world.cache.swap = async () => true
  expect(await thumb.generate()).toBe('generated')
  expect(await world.pixelsOf(thumb)).toBe('thumb of kim 1')
})

test.each(['down', 'frozen'] as const)(
  'work that ends while the cache is %s is known when it is back',
  async (fault) => {
    const world = new World()
    const { thumb } = parts(world)
    // A change was announced before: nothing is heard of it during the outage, which does not mean that there is a newer one.
    await world.process().kernel.sourceSaved('kim.jpg')
    world.generating = () => {
      world.cache.fault = fault
    }
    expect(await pixels(thumb)).toBe('thumb of kim 1')
    await restored(world)
    const other = world.process({ plugins: [] }).thumb()
    expect(await other.state()).toMatchObject({ state: 'exists' })
    expect(await pixels(thumb)).toBe('thumb of kim 1')
    expect(world.generations).toBe(1)
  },
)

test('a claim that the cache takes up too late is not taken for that of another', async () => {
  const world = new World()
  const { thumb } = parts(world)
  const { swap } = world.cache
  let isFirst = true
  world.cache.swap = async (key, expected, next) => {
    const isSwapped = await swap.call(world.cache, key, expected, next)
    if (!next?.work || !isFirst) return isSwapped
    isFirst = false
    world.cache.fault = 'down'
    throw new Error('The answer got lost.')
  }
  expect(await thumb.generate()).toBe('generated')
  await restored(world)
  expect(await world.process({ plugins: [] }).thumb().state()).toMatchObject({ state: 'exists' })
  expect(world.generations).toBe(1)
})

test('what a cache answers that is no record counts as none', async () => {
  const world = new World()
  const { thumb } = parts(world)
  const { get } = world.cache
  world.cache.get = async (key) => (await get.call(world.cache, key)) ?? ('garbage' as unknown as FileState)
  expect(await pixels(thumb)).toBe('thumb of kim 1')
})

test('a cache that can be read but not written is down, and left alone', async () => {
  const world = new World()
  const { kernel, thumb } = parts(world)
  const told = eventsOf(kernel)
  world.cache.fault = 'read-only'
  expect(await pixels(thumb)).toBe('thumb of kim 1')
  expect(await kernel.file('icon', { source: 'kim.jpg' }).exists()).toBe(true)
  expect(told).toEqual(['cacheUnavailable'])
  vi.advanceTimersByTime(1_001)
  await thumb.state()
  await kernel.file('icon', { source: 'kim.jpg', params: { size: 1 } }).state()
  await turns()
  expect(told).toEqual(['cacheUnavailable'])
  const { calls } = world.cache
  await kernel.file('icon', { source: 'kim.jpg', params: { size: 2 } }).state()
  await turns()
  expect(world.cache.calls).toBe(calls)
  await restored(world)
  expect(told).toEqual(['cacheUnavailable', 'cacheRestored'])
})

test('a cache that remembers nothing makes files all the same', async () => {
  const world = new World()
  const { kernel, thumb } = parts(world)
  world.cache.before = () => world.cache.records.clear()
  expect(await pixels(thumb)).toBe('thumb of kim 1')
  expect(world.generations).toBe(1)
  world.sources.set('kim.jpg', 'kim 2')
  await kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  expect(await pixels(thumb)).toBe('thumb of kim 2')
  world.sources.set('kim.jpg', 'broken')
  expect(await codeOf(thumb.generate({ force: true }))).toBe('BROKEN')
})

test('a cache with room for one record makes many files at a time', async () => {
  const world = new World()
  const { kernel } = parts(world)
  world.cache.before = (call, key) => {
    if (call === 'swap')
      for (const other of world.cache.records.keys()) if (other !== key) world.cache.records.delete(other)
  }
  const files = [1, 2, 3, 4].map((size) => kernel.file('thumb', { source: 'kim.jpg', params: { size } }))
  const made = await Promise.all(files.map((file) => pixels(file)))
  expect(made).toEqual([1, 2, 3, 4].map((size) => `thumb${size} of kim 1`))
})

test('a stalled event loop is no outage', async () => {
  vi.useRealTimers()
  const world = new World()
  const { kernel, thumb } = parts(world)
  const told = eventsOf(kernel)
  let hasStalled = false
  world.cache.before = async () => {
    if (hasStalled) return
    hasStalled = true
    // The answer arrives while the process is busy for longer than a call may take.
    const answer = stat(tmpdir())
    for (const end = performance.now() + 300; performance.now() < end; );
    await answer
  }
  await thumb.bytes()
  expect(told).toEqual([])
})

test('a full disk is an error now, and the next read tries again', async () => {
  const world = new World()
  const { thumb } = parts(world)
  world.before = fullDisk
  expect(await codeOf(thumb.bytes())).toBe('STORAGE_FAILED')
  expect(await thumb.state()).toEqual({ state: 'absent' })
  expect(await thumb.describe()).toBeNull()
  world.before = () => undefined
  expect(await pixels(thumb)).toBe('thumb of kim 1')
})

test('a full disk leaves old bytes where they are, and stale', async () => {
  const world = new World()
  const { kernel, thumb } = parts(world)
  await thumb.bytes()
  world.sources.set('kim.jpg', 'kim 2')
  world.before = fullDisk
  expect(await kernel.sourceSaved('kim.jpg', { for: 'thumb' })).toMatchObject([{ error: { code: 'STORAGE_FAILED' } }])
  expect(await world.pixelsOf(thumb)).toBe('thumb of kim 1')
  expect(await codeOf(thumb.bytes())).toBe('STORAGE_FAILED')
  world.before = () => undefined
  expect(await pixels(thumb)).toBe('thumb of kim 2')
})

test.each(['EMFILE', 'EACCES', 'EIO'])(
  'a source that cannot be opened for %s is tried again at the next read',
  async (code) => {
    const world = new World()
    const { kernel } = world.process()
    let isOpen = false
    const open = async () => {
      if (isOpen) return new TextEncoder().encode('kim 1')
      throw Object.assign(new Error('It cannot be opened.'), { code })
    }
    const file = kernel.file('thumb', { source: { name: 'own.jpg', open } })
    expect(await codeOf(file.bytes())).toBe('SOURCE_UNREADABLE')
    expect(await file.state()).toEqual({ state: 'absent' })
    isOpen = true
    expect(await pixels(file)).toBe('thumb of kim 1')
  },
)

test('a storage that refuses to delete does not keep others waiting', async () => {
  const world = new World()
  const { thumb } = parts(world)
  await thumb.bytes()
  world.before = (call) => {
    if (call === 'delete') throw Object.assign(new Error('Not permitted.'), { code: 'EACCES' })
  }
  expect(await codeOf(thumb.delete())).toBe('STORAGE_FAILED')
  world.sources.set('kim.jpg', 'kim 2')
  expect(await pixels(thumb)).toBe('thumb of kim 2')
})

test('a file that cannot be read is an error now, and is not made again', async () => {
  const world = new World()
  const { thumb } = parts(world)
  await thumb.bytes()
  world.before = (call) => {
    if (call === 'read') throw Object.assign(new Error('Too many open files.'), { code: 'EMFILE' })
  }
  expect(await codeOf(thumb.bytes())).toBe('STORAGE_FAILED')
  world.before = () => undefined
  expect(await pixels(thumb)).toBe('thumb of kim 1')
  expect(world.generations).toBe(1)
})

test('a file that vanished is made again', async () => {
  const world = new World()
  const { thumb } = parts(world)
  await thumb.bytes()
  await world.stored.delete(thumb.name ?? '')
  expect(await pixels(thumb)).toBe('thumb of kim 1')
  expect(world.generations).toBe(2)
})

function parts(world: World, options?: Parameters<World['process']>[0]) {
  const process = world.process(options)
  return { kernel: process.kernel, thumb: process.thumb() }
}

function eventsOf(kernel: Kernel): string[] {
  const told: string[] = []
  for (const event of ['cacheUnavailable', 'cacheRestored'] as const) kernel.events.on(event, () => told.push(event))
  return told
}

/** Ends an outage, and lets kernels notice it, though nobody asks. */
async function restored(world: World): Promise<void> {
  world.cache.fault = undefined
  vi.advanceTimersByTime(1_001)
  await turns()
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
}

function fullDisk(call: string): void {
  if (call === 'write') throw Object.assign(new Error('No space left on device.'), { code: 'ENOSPC' })
}
