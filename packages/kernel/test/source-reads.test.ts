import { expect, test } from 'vitest'
import type { Plugin } from '../src/index.ts'
import { faults, Gate, jit, pixels, Queue, World } from './support/world.ts'

/** Counts how often sources are opened; the first opening waits at the gate, if there is one. */
function counted(world: World, gate?: Gate) {
  let count = 0
  const pass = gate?.once()
  const { get } = world.sources
  world.sources.get = (name) => {
    count += 1
    return get.call(world.sources, name)
  }
  world.generating = () => pass?.()
  return () => count
}

const sizes = [1, 2, 3, 4, 5, 6]

/** A gate of two, as backends have. */
function twoAtATime(): Plugin {
  const waiting: (() => void)[] = []
  let free = 2
  return {
    name: 'two',
    apply: ({ hooks, kernel }) => {
      hooks.contentRequired.tapPromise('two', (file) => file.generate())
      hooks.sourceSaved.tapPromise('two', (file) => file.generate())
      hooks.generate.tapPromise('two', async (file, order) => {
        if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
        else free -= 1
        await kernel.produce(file, order)
        const next = waiting.shift()
        if (next) next()
        else free += 1
        return 'generated'
      })
    },
  }
}

test('a source that is saved with six files is read once', async () => {
  const world = new World()
  const { kernel } = world.process({ plugins: [twoAtATime()] })
  const files = sizes.map((size) => kernel.file('thumb', { source: 'kim.jpg', params: { size } }))
  const opened = counted(world)
  await Promise.all(files.map((file) => file.bytes()))
  expect(opened()).toBe(1)
  expect(world.generations).toBe(6)
})

test('what is read is not kept when the work is done', async () => {
  const world = new World()
  const process = world.process()
  const opened = counted(world)
  await process.thumb().bytes()
  world.sources.set('kim.jpg', 'kim 2')
  expect(await pixels(process.adHoc())).toBe('thumb7 of kim 2')
  expect(opened()).toBe(2)
})

test('jobs that are worked on at the same time read their source once', async () => {
  const world = new World()
  const queue = new Queue()
  const { kernel } = world.process({ plugins: [queue] })
  const opened = counted(world)
  for (const size of sizes) await kernel.file('thumb', { source: 'kim.jpg', params: { size } }).generate()
  await Promise.all(queue.jobs.splice(0).map((job) => job()))
  expect(opened()).toBe(1)
})

test('sources of another name, another revision or with bytes of their own are others', async () => {
  const world = new World()
  world.sources.set('lou.jpg', 'lou')
  const { kernel } = world.process()
  const opened = counted(world)
  const own = { name: 'kim.jpg', open: async () => new TextEncoder().encode('own') }
  const sources = ['kim.jpg', 'lou.jpg', { name: 'kim.jpg', revision: '2' }, own]
  const made = sources.map((source, size) => pixels(kernel.file('thumb', { source, params: { size } })))
  expect(await Promise.all(made)).toEqual(['thumb0 of kim 1', 'thumb1 of lou', 'thumb2 of kim 1', 'thumb3 of own'])
  expect(opened()).toBe(3)
})

test.each(['sourceSaved', 'force', 'delete'] as const)('what was read before %s is not used after it', async (what) => {
  const world = new World()
  const process = world.process()
  const other = process.adHoc()
  await other.bytes()
  const gate = new Gate()
  counted(world, gate)
  const underWay = process.thumb().bytes()
  await gate.reached
  world.sources.set('kim.jpg', 'kim 2')
  if (what === 'sourceSaved') await process.kernel.sourceSaved('kim.jpg', { for: 'icon' })
  if (what === 'force') await other.generate({ force: true })
  if (what === 'delete') await other.delete()
  expect(await pixels(other)).toBe('thumb7 of kim 2')
  gate.open()
  await underWay
})

test('what was read before another process announced a change is not used after it', async () => {
  const world = new World()
  const [process, elsewhere] = [world.process(), world.process()]
  const gate = new Gate()
  counted(world, gate)
  const underWay = pixels(process.thumb())
  await gate.reached
  world.sources.set('kim.jpg', 'kim 2')
  await elsewhere.kernel.sourceSaved('kim.jpg', { for: 'icon' })
  expect(await pixels(process.adHoc())).toBe('thumb7 of kim 2')
  gate.open()
  expect(await underWay).toBe('thumb of kim 2')
})

test('a reading that failed is tried again by the next', async () => {
  const world = new World()
  const { kernel } = world.process({ plugins: [jit()] })
  const { get } = world.sources
  let fails = 1
  world.sources.get = (name) => {
    if (fails-- > 0) throw faults.NO_MEMORY({})
    return get.call(world.sources, name)
  }
  const gate = new Gate()
  world.generating = gate.once()
  const failing = kernel.file('thumb', { source: 'kim.jpg' }).bytes()
  await expect(failing).rejects.toMatchObject({ code: 'NO_MEMORY' })
  gate.open()
  expect(await pixels(kernel.file('icon', { source: 'kim.jpg' }))).toBe('icon of kim 1')
})

test('generators whose sources lie in different places do not share them', async () => {
  const world = new World()
  const elsewhere: Plugin = {
    name: 'elsewhere',
    apply: ({ hooks }) => {
      hooks.source.tapPromise('elsewhere', async (name) => ({
        name,
        open: async () => new TextEncoder().encode('other'),
      }))
    },
  }
  const scoped = { for: 'icon', plugins: [elsewhere] }
  const { kernel } = world.process({ plugins: [jit(), scoped as unknown as Plugin] })
  const made = ['thumb', 'icon'].map((id) => pixels(kernel.file(id, { source: 'kim.jpg' })))
  expect(await Promise.all(made)).toEqual(['thumb of kim 1', 'icon of other'])
})
