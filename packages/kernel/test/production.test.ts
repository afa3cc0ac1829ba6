import { expect, test } from 'vitest'
import type { GeneratedImage, GeneratorDefinition, Plugin } from '../src/index.ts'
import { codeOf, jit, pixels, Queue, World } from './support/world.ts'

test('what is made is told, with its facts', async () => {
  const process = new World().process()
  const told: unknown[] = []
  process.kernel.events.on('generating', ({ file }) => told.push(file.name))
  process.kernel.events.on('generated', ({ file, facts, milliseconds }) =>
    told.push(file.name, facts, typeof milliseconds),
  )
  const thumb = process.thumb()
  await thumb.generate()
  expect(told).toEqual([thumb.name, thumb.name, { width: 14, height: 1, type: 'image/jpeg', size: 14 }, 'number'])
})

test('what listeners and callers do to facts changes nothing', async () => {
  const process = new World().process()
  const thumb = process.thumb()
  const change = (facts: object | undefined) => Object.assign(facts ?? {}, { width: 999 })
  let problem: unknown
  process.kernel.events.on('generated', ({ facts }) => change(facts))
  process.kernel.events.on('warning', ({ error }) => {
    problem = error
  })
  await thumb.generate()
  const state = await thumb.state()
  expect(() => change('facts' in state ? state.facts : undefined)).toThrow(TypeError)
  expect(problem).toBeInstanceOf(TypeError)
  expect(await thumb.width()).toBe(14)
})

test('facts that got lost are made anew, and failing to make them harms nothing', async () => {
  const world = new World()
  await world.process().thumb().generate()
  world.cache.records.clear()
  const thumb = world.process().thumb()
  world.sources.delete('kim.jpg')
  expect(await codeOf(thumb.width())).toBe('SOURCE_NOT_FOUND')
  expect(await thumb.exists()).toBe(true)
  expect(await pixels(thumb)).toBe('thumb of kim 1')
  world.sources.set('kim.jpg', 'kim 1')
  world.generations = 0
  expect(await Promise.all(Array.from({ length: 10 }, () => thumb.width()))).toEqual(Array(10).fill(14))
  expect(world.generations).toBe(1)
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['no bytes', { data: new Uint8Array(), facts: { width: 1, height: 1, type: 'image/png' } }],
  ['no size in pixels', { data: new Uint8Array(1), facts: { width: 1.5, height: 1, type: 'image/png' } }],
  ['no pixels', { data: new Uint8Array(1), facts: { width: -5, height: 1, type: 'image/png' } }],
  [
    'facts that are no JSON',
    { data: new Uint8Array(1), facts: { width: 1, height: 1, type: 'image/png', at: new Date() } },
  ],
  ['facts without end', { data: new Uint8Array(1), facts: endless({ width: 1, height: 1, type: 'image/png' }) }],
  ['no type', { data: new Uint8Array(1), facts: { width: 1, height: 1 } }],
])('a generator that returns %s is found out', async (_, image) => {
  const process = new World().process({ generators: { odd: generator(async () => image as GeneratedImage) } })
  expect(await codeOf(process.kernel.file('odd').generate())).toBe('INVALID_IMAGE')
})

test('what a generator throws is the cause, and the next use tries again', async () => {
  const image = { data: new Uint8Array(1), facts: { width: 1, height: 1, type: 'image/png' } }
  let isBroken = true
  const process = new World().process({
    generators: {
      odd: generator(async () => {
        if (isBroken) throw new Error('A bug.')
        return image
      }),
    },
  })
  const file = process.kernel.file('odd')
  await expect(file.generate()).rejects.toMatchObject({ code: 'GENERATION_FAILED', cause: { message: 'A bug.' } })
  isBroken = false
  expect(await file.generate()).toBe('generated')
})

/** A kernel whose generator shows what another original of this name is, with sources of its own for `inner:**`. */
function besides(name: string) {
  const definition: GeneratorDefinition = {
    ...generator(async ({ openSource }) => {
      const data = (await openSource?.(name)) ?? new Uint8Array()
      return { data, facts: { width: 1, height: 1, type: 'image/png' } }
    }),
    source: 'required',
  }
  const own: Plugin = {
    name: 'own',
    apply: ({ hooks }) =>
      hooks.source.tapPromise('own', async (found) =>
        found === 'mark.png' ? { name: found, open: async () => new TextEncoder().encode('inner mark') } : undefined,
      ),
  }
  const world = new World()
  world.sources.set('mark.png', 'outer mark').set('other.png', 'outer other')
  return world.process({
    plugins: [jit(), { for: 'inner:**', plugins: [own] }],
    generators: { outer: definition, 'inner:one': definition },
  })
}

test.each([
  ['outer', 'mark.png', 'outer mark'],
  ['inner:one', 'mark.png', 'inner mark'],
  ['inner:one', 'other.png', 'outer other'],
])('the generator %s opens %s where its sources are found', async (id, name, shown) => {
  expect(await pixels(besides(name).kernel.file(id, { source: 'kim.jpg' }))).toBe(shown)
})

test('that there is no other original of a name is not the source’s fault', async () => {
  const file = besides('none.png').kernel.file('outer', { source: 'kim.jpg' })
  await expect(file.bytes()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND', fault: 'machine' })
  expect(await file.state()).toEqual({ state: 'absent' })
})

test('a source that changes whenever it is read is given up on', async () => {
  const world = new World()
  const process = world.process()
  world.generating = async () => void (await process.kernel.sourceSaved('kim.jpg', { for: 'icon' }))
  expect(await codeOf(process.thumb().generate())).toBe('SOURCE_UNSTABLE')
  expect(world.generations).toBe(10)
  world.generating = () => undefined
  expect(await pixels(process.thumb())).toBe('thumb of kim 1')
})

test('a job that gives up leaves the file free', async () => {
  const world = new World()
  const queue = new Queue()
  const process = world.process({ plugins: [queue] })
  world.generating = async () => void (await process.kernel.sourceSaved('kim.jpg', { for: 'icon' }))
  await process.thumb().generate()
  expect(await codeOf(queue.work())).toBe('SOURCE_UNSTABLE')
  expect(await process.thumb().state()).toEqual({ state: 'absent' })
})

test('a failure that the source overtook is not believed', async () => {
  const world = new World()
  const process = world.process()
  world.sources.set('kim.jpg', 'broken')
  world.generating = async (source) => {
    if (source !== 'broken') return
    world.sources.set('kim.jpg', 'kim 2')
    await process.kernel.sourceSaved('kim.jpg')
  }
  expect(await pixels(process.thumb())).toBe('thumb of kim 2')
})

test('a token that was never given out makes nothing of a file that is known', async () => {
  const world = new World()
  const process = world.process()
  await process.thumb().state()
  await process.kernel.produce(process.thumb(), { token: 'of nobody' })
  expect(world.generations).toBe(0)
})

test('a job whose claim the cache forgot is done all the same', async () => {
  const world = new World()
  const queue = new Queue()
  const thumb = world.process({ plugins: [queue] }).thumb()
  await thumb.generate()
  world.cache.records.clear()
  await queue.work()
  expect(await pixels(thumb)).toBe('thumb of kim 1')
})

test('a job that is done twice makes its file once', async () => {
  const world = new World()
  const queue = new Queue()
  const thumb = world.process({ plugins: [queue] }).thumb()
  await thumb.generate()
  queue.jobs.push(...queue.jobs)
  await queue.work()
  expect(world.generations).toBe(1)
})

test('a job that fails is told of once, and rejects', async () => {
  const world = new World()
  const queue = new Queue()
  const process = world.process({ plugins: [queue] })
  const told: unknown[] = []
  process.kernel.events.on('failed', ({ error }) => told.push(error.code))
  world.sources.set('kim.jpg', 'broken')
  await process.thumb().generate()
  expect(await codeOf(queue.work())).toBe('BROKEN')
  expect(told).toEqual(['BROKEN'])
})

function generator(generate: GeneratorDefinition['generate']): GeneratorDefinition {
  return { source: 'none', fingerprint: 'odd', generate }
}

function endless(facts: object): object {
  return Object.assign(facts, { facts })
}
