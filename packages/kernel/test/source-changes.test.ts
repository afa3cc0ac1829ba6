import { createMemoryStorage } from '@latent-image/plugin-storage-memory'
import { expect, test } from 'vitest'
import type { GeneratorDefinition, Plugin, SourceGroup } from '../src/index.ts'
import { codeOf, jit, type Process, pixels, World } from './support/world.ts'

test('a saved source makes anew what exists, and tells what became of each file', async () => {
  const world = new World()
  const { kernel } = world.process()
  const icon = kernel.file('icon', { source: 'kim.jpg' })
  await icon.generate()
  world.sources.set('kim.jpg', 'kim 2')
  const saved = await kernel.sourceSaved('kim.jpg', { for: '**' })
  expect(saved.map((result) => [result.file.generator.id, 'outcome' in result && result.outcome])).toEqual([
    ['thumb', 'absent'],
    ['icon', 'generated'],
  ])
  expect(await world.pixelsOf(icon)).toBe('icon of kim 2')
})

test('what was made with other params, or of another revision, is dropped', async () => {
  const world = new World()
  const process = world.process()
  const revised = process.kernel.file('thumb', { source: { name: 'kim.jpg', revision: 'a' } })
  await Promise.all([process.adHoc().generate(), revised.generate()])
  await process.kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  expect(await world.pixelsOf(process.adHoc())).toBeUndefined()
  expect(await world.pixelsOf(revised)).toBeUndefined()
})

test('files of other sources stay', async () => {
  const world = new World()
  world.sources.set('lee.jpg', 'lee 1')
  const process = world.process()
  await process.thumb('lee.jpg').generate()
  await process.kernel.sourceSaved('kim.jpg')
  expect(await world.pixelsOf(process.thumb('lee.jpg'))).toBe('thumb of lee 1')
})

test('source groups tell what is tied to a source', async () => {
  const world = new World()
  const kims: SourceGroup & { readonly for: string } = {
    for: 'icon',
    items: async function* () {
      yield { source: 'kim.jpg' }
    },
    includes: (name) => name === 'kim.jpg',
  }
  const { kernel } = world.process({ sources: [kims] })
  const saved = await kernel.sourceSaved('kim.jpg')
  expect(saved.map(({ file }) => file.generator.id)).toEqual(['icon'])
  expect(await kernel.sourceSaved('lee.jpg')).toEqual([])
})

test('a strategy decides what becomes of tied files', async () => {
  const world = new World()
  const asked: string[] = []
  const onSave = strategy('on-save', ({ hooks }) => {
    hooks.sourceSaved.tapPromise('on-save', async (file) => {
      asked.push(`saved ${file.generator.id}`)
      if (file.generator.id === 'icon') await file.generate()
    })
    hooks.sourceDeleted.tapPromise('on-save', async (file) => asked.push(`deleted ${file.generator.id}`))
  })
  const { kernel } = world.process({ plugins: [onSave, jit()] })
  await kernel.file('thumb', { source: 'kim.jpg' }).generate()
  const outcomes = async (results: ReturnType<typeof kernel.sourceSaved>) =>
    (await results).map((result) => ('outcome' in result ? result.outcome : result.error.code))
  expect(await outcomes(kernel.sourceSaved('kim.jpg', { for: '**' }))).toEqual(['dropped', 'generated'])
  expect(await outcomes(kernel.sourceDeleted('kim.jpg', { for: '**' }))).toEqual(['dropped', 'kept'])
  expect(asked.sort()).toEqual(['deleted icon', 'deleted thumb', 'saved icon', 'saved thumb'])
})

test('one failure does not stop the others', async () => {
  const world = new World()
  const process = world.process()
  await process.thumb().generate()
  await process.kernel.file('icon', { source: 'kim.jpg' }).generate()
  world.before = (call, key) => {
    if (call === 'write' && key === process.thumb().name) throw new Error('It is read-only.')
  }
  world.sources.set('kim.jpg', 'kim 2')
  const saved = await process.kernel.sourceSaved('kim.jpg', { for: '**' })
  expect(saved).toMatchObject([{ error: { code: 'STORAGE_FAILED' } }, { outcome: 'generated' }])
})

test('a file that cannot be dropped is an error after the others are done', async () => {
  const world = new World()
  const process = world.process()
  await Promise.all([process.thumb().generate(), process.adHoc().generate()])
  world.before = (call) => {
    if (call === 'delete') throw new Error('It is read-only.')
  }
  world.sources.set('kim.jpg', 'kim 2')
  expect(await codeOf(process.kernel.sourceSaved('kim.jpg', { for: 'thumb' }))).toBe('STORAGE_FAILED')
  expect(await pixels(process.thumb())).toBe('thumb of kim 2')
  expect(await pixels(process.adHoc())).toBe('thumb7 of kim 2')
})

test('files that cannot be dropped while others are listed reject the call, and nothing else', async () => {
  const world = new World()
  const process = world.process()
  await Promise.all([process.thumb().generate(), process.adHoc().generate()])
  world.before = (call) => {
    if (call === 'delete') throw new Error('It is read-only.')
  }
  world.after = async (call) => {
    if (call === 'list') await new Promise((resolve) => setTimeout(resolve, 2))
  }
  expect(await codeOf(process.kernel.sourceSaved('kim.jpg'))).toBe('STORAGE_FAILED')
})

test('a storage that fails does not keep the others from being told', async () => {
  const world = new World()
  const failing = createMemoryStorage()
  const own = strategy('own', ({ hooks }) => hooks.storage.tap('own', () => failing))
  const definition: GeneratorDefinition = {
    source: 'required',
    fingerprint: 'own',
    plugins: [own],
    generate: async () => ({ data: new Uint8Array(1), facts: { width: 1, height: 1, type: 'image/png' } }),
  }
  const process = world.process()
  process.kernel.register('own', definition)
  await process.adHoc().generate()
  failing.list = async function* () {
    yield* []
    throw new Error('It is down.')
  }
  world.before = async (call) => {
    if (call === 'list') await new Promise((resolve) => setTimeout(resolve, 2))
  }
  expect(await codeOf(process.kernel.sourceSaved('kim.jpg'))).toBe('STORAGE_FAILED')
  expect(await world.pixelsOf(process.adHoc())).toBeUndefined()
})

test('a change reaches what was made from a derivative that is not there any more', async () => {
  const world = new World()
  const process = world.process()
  const icon = process.kernel.file('icon', { source: process.thumb() })
  await icon.generate()
  await process.thumb().delete()
  expect(await world.pixelsOf(icon)).toBeUndefined()
  await icon.generate()
  await world.stored.delete(process.thumb().name ?? '')
  await process.kernel.file('thumb', { source: 'kim.jpg' }).bytes()
  await world.stored.delete(process.thumb().name ?? '')
  world.cache.records.clear()
  world.time += 60_000
  world.sources.set('kim.jpg', 'kim 2')
  await process.kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  expect(await world.pixelsOf(icon)).toBeUndefined()
})

test('a file can be made anew in a storage that cannot list', async () => {
  const world = new World()
  const process = world.process()
  const told: string[] = []
  process.kernel.events.on('warning', ({ message }) => told.push(message))
  await process.thumb().generate()
  world.before = (call) => {
    if (call === 'list') throw new Error('Not permitted.')
  }
  world.sources.set('kim.jpg', 'kim 2')
  expect(await process.thumb().generate({ force: true })).toBe('generated')
  expect(await pixels(process.thumb())).toBe('thumb of kim 2')
  expect(told).toHaveLength(1)
})

test('a file can be deleted from a storage that cannot list', async () => {
  const world = new World()
  const process = world.process()
  await process.thumb().generate()
  world.before = (call) => {
    if (call === 'list') throw new Error('Not permitted.')
  }
  await process.thumb().delete()
  expect(await world.pixelsOf(process.thumb())).toBeUndefined()
})

test('a source group that fails is told of, and stops nothing', async () => {
  const world = new World()
  const failing: SourceGroup & { readonly for: string } = {
    for: 'thumb',
    items: async function* () {},
    includes: () => {
      throw new Error('A bug.')
    },
  }
  const process = world.process({ sources: [failing] })
  const told: string[] = []
  process.kernel.events.on('warning', ({ message }) => told.push(message))
  await process.adHoc().generate()
  expect(await process.kernel.sourceSaved('kim.jpg')).toEqual([])
  expect(await world.pixelsOf(process.adHoc())).toBeUndefined()
  expect(told).toHaveLength(1)
  await process.kernel.sourceSaved('kim.jpg', { for: 'icon' })
  expect(told).toHaveLength(1)
})

test('a deleted source takes everything with it that was made from it', async () => {
  const world = new World()
  const process = world.process()
  await Promise.all([process.thumb().generate(), process.adHoc().generate()])
  const told: string[] = []
  process.kernel.events.on('deleted', ({ name }) => told.push(name))
  world.sources.delete('kim.jpg')
  expect(await process.kernel.sourceDeleted('kim.jpg', { for: 'thumb' })).toMatchObject([{ outcome: 'dropped' }])
  expect(await world.pixelsOf(process.thumb())).toBeUndefined()
  expect(await world.pixelsOf(process.adHoc())).toBeUndefined()
  expect(told.sort()).toEqual([process.thumb().name, process.adHoc().name].sort())
})

test('a change reaches derivatives of derivatives', async () => {
  const world = new World()
  const process = world.process()
  const chain = chainOf(process)
  expect(await pixels(chain[2])).toBe('icon of thumb of icon of kim 1')
  world.sources.set('kim.jpg', 'kim 2')
  await process.kernel.sourceSaved('kim.jpg', { for: 'icon' })
  expect(await world.pixelsOf(chain[1])).toBeUndefined()
  expect(await world.pixelsOf(chain[2])).toBeUndefined()
  expect(await pixels(chain[2])).toBe('icon of thumb of icon of kim 2')
})

test('a source that turns out bad reaches derivatives of derivatives', async () => {
  const world = new World()
  const process = world.process()
  const chain = chainOf(process)
  await chain[2].generate()
  world.sources.set('kim.jpg', 'broken')
  await process.kernel.sourceSaved('kim.jpg', { for: 'icon' })
  for (const file of chain) expect(await world.pixelsOf(file)).toBeUndefined()
})

test('a file that is made for the first time costs no search for what was made from it', async () => {
  const world = new World()
  await world.process().thumb().generate()
  expect(world.calls).not.toContain('list')
})

test('events tell of a change before the files are made', async () => {
  const process = new World().process()
  const told: string[] = []
  await process.thumb().generate()
  process.kernel.events.on('sourceSaved', ({ source }) => told.push(`saved ${source.name}`))
  process.kernel.events.on('sourceDeleted', ({ source }) => told.push(`deleted ${source.name}`))
  process.kernel.events.on('generating', () => told.push('generating'))
  await process.kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  await process.kernel.sourceDeleted('kim.jpg')
  expect(told).toEqual(['saved kim.jpg', 'generating', 'deleted kim.jpg'])
})

test('no source is no change', async () => {
  const { kernel } = new World().process()
  expect(await codeOf(kernel.sourceSaved(''))).toBe('INVALID_SOURCE')
  expect(await codeOf(kernel.sourceDeleted(null))).toBe('INVALID_SOURCE')
})

function chainOf({ kernel }: Process) {
  const first = kernel.file('icon', { source: 'kim.jpg' })
  const second = kernel.file('thumb', { source: first })
  return [first, second, kernel.file('icon', { source: second })] as const
}

function strategy(name: string, apply: Plugin['apply']): Plugin {
  return { name, apply }
}
