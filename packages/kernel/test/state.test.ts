import { expect, test } from 'vitest'
import type { FileState } from '../src/index.ts'
import { defaultTimes, StateRules } from '../src/state.ts'
import { codeOf, Gate, pixels, Queue, World } from './support/world.ts'

const second = 1_000
const minute = 60 * second

test('a file is absent, then generating, then exists', async () => {
  const world = new World()
  const thumb = world.process().thumb()
  expect(await thumb.state()).toEqual({ state: 'absent' })
  const gate = new Gate()
  world.generating = gate.once()
  const made = thumb.generate()
  await gate.reached
  expect(await thumb.state()).toEqual({ state: 'generating', scheduled: false })
  gate.open()
  await made
  const facts = { width: 14, height: 1, type: 'image/jpeg', size: 14 }
  expect(await thumb.state()).toEqual({ state: 'exists', facts })
})

test('a scheduled file is generating, and old bytes are served until the new ones are there', async () => {
  const world = new World()
  const queue = new Queue()
  const process = world.process({ plugins: [queue] })
  const thumb = process.thumb()
  await thumb.generate()
  expect(await thumb.state()).toEqual({ state: 'generating', scheduled: true })
  expect(await thumb.exists()).toBe(false)
  await queue.work()
  expect(await pixels(thumb)).toBe('thumb of kim 1')
  world.sources.set('kim.jpg', 'kim 2')
  const saved = await process.kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  expect(saved).toMatchObject([{ outcome: 'scheduled' }])
  expect(await pixels(thumb)).toBe('thumb of kim 1')
  await queue.work()
  expect(await pixels(thumb)).toBe('thumb of kim 2')
})

test('old bytes are not served once their successors are not on the way any more', async () => {
  const world = new World()
  const [owner, reader] = [world.process(), world.process({ plugins: [] })]
  await owner.thumb().generate()
  const gate = new Gate()
  world.generating = gate.once()
  void owner.thumb().generate({ force: true })
  await gate.reached
  expect(await pixels(reader.thumb())).toBe('thumb of kim 1')
  world.time += 31 * second
  expect(await codeOf(reader.thumb().bytes())).toBe('NOT_GENERATED')
})

test('a file that exists is asked for in storage by nobody', async () => {
  const world = new World()
  const thumb = world.process().thumb()
  await thumb.generate()
  world.calls = []
  for (const ask of [thumb.url(), thumb.exists(), thumb.width(), thumb.metadata(), thumb.describe(), thumb.state()])
    await ask
  expect(world.calls).toEqual([])
})

test('a file of which nothing is known costs one check', async () => {
  const world = new World()
  await world.process().thumb().generate()
  world.cache.records.clear()
  const thumb = world.process().thumb()
  world.calls = []
  await thumb.url()
  await thumb.exists()
  await thumb.url()
  expect(world.calls).toEqual(['stat'])
})

test('an absent file costs one check and one write', async () => {
  const world = new World()
  const thumb = world.process().thumb()
  await thumb.url()
  await thumb.width()
  expect(world.calls).toEqual(['stat', 'write'])
})

test('what is fresh is remembered for half a minute in front of the cache', async () => {
  const world = new World()
  const thumb = world.process().thumb()
  await thumb.generate()
  const { calls } = world.cache
  world.time += 29 * second
  await thumb.url()
  expect(world.cache.calls).toBe(calls)
  world.time += 2 * second
  await thumb.url()
  expect(world.cache.calls).toBeGreaterThan(calls)
})

test('what is fresh is remembered for no longer than it is believed', async () => {
  const world = new World()
  const thumb = world.process({ state: { exists: 200 } }).thumb()
  await thumb.generate()
  const { calls } = world.cache
  world.time += 400
  await thumb.url()
  expect(world.cache.calls).toBeGreaterThan(calls)
})

test('absence is believed for five seconds', async () => {
  const world = new World()
  const thumb = world.process({ plugins: [] }).thumb()
  expect(await thumb.exists()).toBe(false)
  await world.put(thumb, 'thumb of kim 1')
  world.time += 4 * second
  expect(await thumb.exists()).toBe(false)
  world.time += 2 * second
  expect(await thumb.exists()).toBe(true)
})

test('a failure is believed for five seconds, growing to five minutes', async () => {
  const world = new World()
  const thumb = world.process().thumb()
  world.sources.set('kim.jpg', 'broken')
  const believed = []
  for (let count = 0; count < 8; count++) {
    expect(await codeOf(thumb.bytes())).toBe('BROKEN')
    const { generations } = world
    let seconds = 0
    while (world.generations === generations && seconds < 1_000) {
      seconds += 1
      world.time += second
      await thumb.bytes().catch(() => undefined)
    }
    believed.push(seconds)
  }
  expect(believed).toEqual([5, 10, 20, 40, 80, 160, 300, 300])
})

test('a failure is read without work, with its code and its message', async () => {
  const world = new World()
  const thumb = world.process().thumb()
  world.sources.delete('kim.jpg')
  expect(await codeOf(thumb.bytes())).toBe('SOURCE_NOT_FOUND')
  expect(await thumb.state()).toMatchObject({ state: 'failed', failure: { code: 'SOURCE_NOT_FOUND' } })
  expect(await codeOf(thumb.url())).toBe('SOURCE_NOT_FOUND')
  expect(await thumb.exists()).toBe(false)
  expect(await thumb.describe()).toBeNull()
})

test('a failure does not outlast the next change of its source, known by params or not', async () => {
  const world = new World()
  const process = world.process()
  world.sources.set('kim.jpg', 'broken')
  expect(await codeOf(process.thumb().bytes())).toBe('BROKEN')
  expect(await codeOf(process.adHoc().bytes())).toBe('BROKEN')
  world.sources.set('kim.jpg', 'kim 2')
  await process.kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  expect(await pixels(process.thumb())).toBe('thumb of kim 2')
  expect(await pixels(process.adHoc())).toBe('thumb7 of kim 2')
})

test('force tries again what failed', async () => {
  const world = new World()
  const thumb = world.process().thumb()
  world.sources.set('kim.jpg', 'broken')
  expect(await codeOf(thumb.generate())).toBe('BROKEN')
  world.sources.set('kim.jpg', 'kim 2')
  expect(await codeOf(thumb.generate())).toBe('BROKEN')
  expect(await thumb.generate({ force: true })).toBe('generated')
})

test('a source that turns out bad takes the old bytes with it', async () => {
  const world = new World()
  const process = world.process()
  const thumb = process.thumb()
  await thumb.bytes()
  world.sources.set('kim.jpg', 'broken')
  const saved = await process.kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  expect(saved).toMatchObject([{ error: { code: 'BROKEN', fault: 'source' } }])
  expect(await world.pixelsOf(thumb)).toBeUndefined()
})

test.each([-600 * minute, 600 * minute])('a clock that jumps by %i ms ends no belief for good', async (jump) => {
  const world = new World()
  const [owner, other] = [world.process(), world.process()]
  world.sources.set('kim.jpg', 'broken')
  await codeOf(other.adHoc().bytes())
  world.sources.set('kim.jpg', 'kim 1')
  const gate = new Gate()
  world.generating = gate.once()
  void owner.thumb().bytes()
  await gate.reached
  owner.kill()
  world.time += jump
  expect(await pixels(other.thumb())).toBe('thumb of kim 1')
  expect(await pixels(other.adHoc())).toBe('thumb7 of kim 1')
})

test('only the record of a file that may pass for fresh when forgotten is kept for ever', () => {
  const rules = new StateRules({ ...defaultTimes, exists: 7 }, () => 0)
  const ttlOf = (record: Omit<FileState, 'version'>) => rules.ttlOf({ version: '1', ...record })
  expect(ttlOf({ bytes: 'present' })).toBe(7)
  expect(ttlOf({ bytes: 'present', stale: true })).toBeUndefined()
  expect(ttlOf({ stale: true })).toBeUndefined()
  expect(ttlOf({ bytes: 'absent', stale: true, work: { token: 't', until: 1 } })).toBeUndefined()
  expect(ttlOf({ bytes: 'absent' })).toBe(660 * second)
  expect(new StateRules(defaultTimes, () => 0).ttlOf({ version: '1', bytes: 'present' })).toBeUndefined()
})
