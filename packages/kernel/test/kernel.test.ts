import {
  createKernel,
  type FileReference,
  type ImageCacheFile,
  type Plugin,
  type SourceInput,
} from '@latent-image/kernel'
import { memoryStorage } from '@latent-image/plugin-storage-memory'
import { fakeGenerator, fakeSourceGroup, testKernel } from '@latent-image/testkit'
import { expect, test, vi } from 'vitest'

const original = new Uint8Array([1])
const code = (code: string) => expect.objectContaining({ code })

async function collect(files: AsyncIterable<ImageCacheFile>): Promise<string[]> {
  const found: string[] = []
  for await (const { generator, source, params } of files) {
    found.push(`${generator.id} ${source?.name ?? '-'} ${JSON.stringify(params)}`)
  }
  return found
}

test('refuses an unknown generator, and says which there are', () => {
  const kernel = createKernel({ generators: { a: fakeGenerator(), b: fakeGenerator() } })
  const refused = expect.objectContaining({ code: 'UNKNOWN_GENERATOR', message: expect.stringContaining('a, b') })
  expect(() => kernel.file('c')).toThrow(refused)
})

test('refuses a source for a generator that has none', () => {
  const kernel = createKernel({ generators: { dot: fakeGenerator({ source: 'none' }) } })
  expect(() => kernel.file('dot', { source: 'kim.jpg' })).toThrow(code('INVALID_SOURCE'))
})

test('the params of a file are its own, or empty', () => {
  const kernel = createKernel({ generators: { a: fakeGenerator() } })
  expect(kernel.file('a').params).toEqual({})
  expect(kernel.file('a', { params: [1] }).params).toEqual([1])
})

test('registers and unregisters generators at any time', async () => {
  const { kernel } = testKernel()
  const thumb = fakeGenerator()
  kernel.register('a:b', thumb)
  expect(kernel.generatorIds()).toEqual(['a:b'])
  expect(kernel.file('a:b', { source: 'kim.jpg' }).name).toBeTypeOf('string')
  expect([await kernel.unregister('a:b'), await kernel.unregister('a:b')]).toEqual([true, false])
  expect(() => kernel.file('a:b')).toThrow(code('UNKNOWN_GENERATOR'))
  kernel.register('a:b', fakeGenerator())
})

test('the same generator may be registered again, another one under its id may not', () => {
  const thumb = fakeGenerator()
  const kernel = createKernel({ generators: { thumb } })
  expect(() => kernel.register('thumb', thumb)).not.toThrow()
  expect(() => kernel.register('thumb', fakeGenerator())).toThrow(code('ALREADY_REGISTERED'))
})

test('a plugin may bring generators', async () => {
  const bringing: Plugin = { name: 'bringing', apply: ({ kernel }) => kernel.register('brought', fakeGenerator()) }
  const { kernel } = testKernel({ plugins: [bringing] })
  expect(await kernel.file('brought', { source: { name: 'a', open: async () => original } }).width()).toBe(20)
})

test.each(['', ':', 'a:', ':a', 'a::b', 'a b', 'a:*', '**', 'a\n'])('refuses the id %j', (id) => {
  expect(() => createKernel({}).register(id, fakeGenerator())).toThrow(code('INVALID_GENERATOR'))
})

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a string', 'thumb'],
  ['another source', { ...fakeGenerator(), source: 'maybe' }],
  ['no generate', { ...fakeGenerator(), generate: undefined }],
  ['no fingerprint', { ...fakeGenerator(), fingerprint: undefined }],
])('refuses a generator that is or has %s', (_, definition) => {
  expect(() => createKernel({}).register('a', definition as never)).toThrow(code('INVALID_GENERATOR'))
})

test('ids are found by pattern', () => {
  const kernel = createKernel({ generators: { a: fakeGenerator(), 'a:b': fakeGenerator(), 'b:b': fakeGenerator() } })
  expect(kernel.generatorIds('a')).toEqual(['a', 'a:b'])
  expect(kernel.generatorIds('*:b')).toEqual(['a:b', 'b:b'])
})

const references: [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a string', 'a'],
  ['an empty object', {}],
  ['a generator that is no string', { generator: 1, source: null, params: {}, name: 'x' }],
  ['a source that is no object', { generator: 'a', source: 'kim.jpg', params: {}, name: 'x' }],
]

test.each(references)('%s is no reference', (_, reference) => {
  const kernel = createKernel({ generators: { a: fakeGenerator() } })
  expect(() => kernel.fileFrom(reference as FileReference)).toThrow(code('INVALID_REFERENCE'))
})

test('a file that would have another name is refused', () => {
  const before = createKernel({ generators: { a: fakeGenerator({ fingerprint: 'before' }) } })
  const after = createKernel({ generators: { a: fakeGenerator({ fingerprint: 'after' }) } })
  const { reference } = before.file('a', { source: 'kim.jpg' })
  expect(() => after.fileFrom(reference)).toThrow(code('FILE_CHANGED'))
  expect(() => before.fileFrom({ ...reference, name: null })).toThrow(code('FILE_CHANGED'))
  expect(() => before.fileFrom({ ...reference, generator: 'b' })).toThrow(code('UNKNOWN_GENERATOR'))
})

test('a reference cannot bring code along', async () => {
  const { kernel } = testKernel({ generators: { a: fakeGenerator() } })
  const { reference } = kernel.file('a', { source: 'kim.jpg' })
  const hostile = { ...reference, source: { name: 'kim.jpg', open: 'rm -rf' } } as unknown as FileReference
  await expect(kernel.fileFrom(hostile).bytes()).rejects.toEqual(code('SOURCE_NOT_FOUND'))
})

test('enumerates the files of source groups, and of generators without a source', async () => {
  const { kernel } = testKernel({
    generators: {
      'a:1': fakeGenerator(),
      'a:2': fakeGenerator(),
      b: fakeGenerator(),
      dot: fakeGenerator({ source: 'none' }),
    },
    sources: [fakeSourceGroup({ for: 'a:*', sources: { 'kim.jpg': original, 'lee.jpg': original } })],
  })
  expect(await collect(kernel.files())).toEqual([
    'dot - {}',
    'a:1 kim.jpg {}',
    'a:2 kim.jpg {}',
    'a:1 lee.jpg {}',
    'a:2 lee.jpg {}',
  ])
  expect(await collect(kernel.files('a:2'))).toEqual(['a:2 kim.jpg {}', 'a:2 lee.jpg {}'])
  expect(await collect(kernel.files('b'))).toEqual([])
})

test('enumerates the params that a group brings, else the variants of the generator', async () => {
  async function* items() {
    yield { source: 'kim.jpg', params: { width: 9 } }
    yield { source: 'lee.jpg' }
    yield { params: { width: 8 } }
  }
  const variants = [{ width: 1 }, { width: 2 }]
  const { kernel } = testKernel({
    generators: { a: fakeGenerator({ variants }), dot: fakeGenerator({ source: 'none', variants }) },
    sources: [{ for: 'a', items }],
  })
  expect(await collect(kernel.files('a'))).toEqual([
    'a kim.jpg {"width":9}',
    'a lee.jpg {"width":1}',
    'a lee.jpg {"width":2}',
  ])
  expect(await collect(kernel.files('dot'))).toEqual(['dot - {"width":1}', 'dot - {"width":2}'])
})

test('groups feed generators without a source with params', async () => {
  const items = async function* () {
    yield { params: { id: 1 } }
    yield { params: { id: 2 } }
  }
  const { kernel } = testKernel({
    generators: { dot: fakeGenerator({ source: 'none' }) },
    sources: [{ for: 'dot', items }],
  })
  expect(await collect(kernel.files())).toEqual(['dot - {"id":1}', 'dot - {"id":2}'])
})

test('a file that cannot be is left out, with a warning', async () => {
  const fingerprint = (source: { name: string } | undefined) => {
    if (source?.name === 'kim.jpg') throw new Error('no focal point')
    return 'any'
  }
  const { kernel } = testKernel({
    generators: { a: { ...fakeGenerator(), fingerprint } },
    sources: [fakeSourceGroup({ sources: { 'kim.jpg': original, 'lee.jpg': original } })],
  })
  const warned = vi.fn()
  kernel.events.on('warning', warned)
  expect(await collect(kernel.files())).toEqual(['a lee.jpg {}'])
  const error = expect.objectContaining({ code: 'NAMING_FAILED', cause: new Error('no focal point') })
  expect(warned.mock.calls).toEqual([[expect.objectContaining({ error })]])
})

test('takes no more items from a group than are asked for', async () => {
  const group = fakeSourceGroup({
    sources: Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`${i}`, original])),
  })
  const { kernel } = testKernel({ generators: { a: fakeGenerator() }, sources: [group] })
  for await (const _ of kernel.files()) break
  expect(group.calls.taken).toBe(1)
})

test('source groups come and go', async () => {
  const { kernel } = testKernel({ generators: { a: fakeGenerator() } })
  const remove = kernel.addSourceGroup(fakeSourceGroup({ sources: { 'kim.jpg': original } }))
  expect(await collect(kernel.files())).toHaveLength(1)
  remove()
  expect(await collect(kernel.files())).toHaveLength(0)
})

test('a plugin among the sources brings a group', async () => {
  const plugin: Plugin = {
    name: 'group',
    apply: ({ kernel }) => kernel.addSourceGroup(fakeSourceGroup({ sources: { 'kim.jpg': original } })),
  }
  const { kernel } = testKernel({ generators: { a: fakeGenerator() }, sources: [plugin] })
  expect(await collect(kernel.files())).toEqual(['a kim.jpg {}'])
})

test('idle() waits for all work in hand, that begun meanwhile included', async () => {
  const { kernel } = testKernel()
  const done: number[] = []
  const work = async (number: number) => {
    await null
    done.push(number)
    if (number < 3) void kernel.track(work(number + 1))
  }
  void kernel.track(work(1))
  await kernel.idle()
  expect(done).toEqual([1, 2, 3])
})

test('tracked work that fails is the affair of who began it', async () => {
  const { kernel } = testKernel()
  const work = kernel.track(Promise.reject(new Error('bad')))
  await expect(kernel.idle()).resolves.toBeUndefined()
  await expect(work).rejects.toThrow('bad')
})

test('close() waits for work in hand and then begins nothing new', async () => {
  const thumb = fakeGenerator()
  const { kernel } = testKernel({ generators: { thumb } })
  const file = (name: string) => kernel.file('thumb', { source: { name, open: async () => original } })
  thumb.gate.close()
  const generating = file('kim.jpg').generate()
  await thumb.gate.reached()
  const closing = kernel.close()
  thumb.gate.open()
  await closing
  expect(await generating).toBe('generated')
  await expect(file('lee.jpg').generate()).rejects.toEqual(code('KERNEL_CLOSED'))
})

test('close() gives up waiting, and tells the work so', async () => {
  vi.useFakeTimers()
  try {
    const thumb = fakeGenerator()
    const { kernel } = testKernel({ generators: { thumb } })
    thumb.gate.close()
    const generating = kernel.file('thumb', { source: { name: 'a', open: async () => original } }).generate()
    await thumb.gate.reached()
    const closing = kernel.close()
    const rejected = expect(generating).rejects.toEqual(code('GENERATION_FAILED'))
    await vi.advanceTimersByTimeAsync(10_000)
    await closing
    await rejected
  } finally {
    vi.useRealTimers()
  }
})

test('close() has every plugin release what it holds, once, the last one first', async () => {
  const released: string[] = []
  const holding = (name: string): Plugin => ({ name, apply: () => async () => void released.push(name) })
  const { kernel } = testKernel({
    plugins: [holding('one'), holding('two'), { for: 'a', plugins: [holding('inner')] }],
    generators: { a: fakeGenerator({ plugins: [holding('own')] }) },
  })
  await Promise.all([kernel.close(), kernel.close()])
  expect(released.toSorted()).toEqual(['inner', 'one', 'own', 'two'])
  expect(released.indexOf('two')).toBeLessThan(released.indexOf('one'))
})

test('a plugin that cannot release is reported, and the others still do', async () => {
  const release = vi.fn()
  const { kernel } = testKernel({
    plugins: [
      { name: 'fine', apply: () => release },
      { name: 'failing', apply: () => async () => Promise.reject(new Error('stuck')) },
    ],
  })
  const warned = vi.fn()
  kernel.events.on('warning', warned)
  await kernel.close()
  expect(release).toHaveBeenCalledOnce()
  expect(warned).toHaveBeenCalledWith(expect.objectContaining({ error: new Error('stuck') }))
})

test('unregister() releases what the own plugins of a generator hold', async () => {
  const release = vi.fn()
  const { kernel } = testKernel()
  kernel.register('a', fakeGenerator({ plugins: [{ name: 'own', apply: () => release }] }))
  await kernel.unregister('a')
  await kernel.close()
  expect(release).toHaveBeenCalledOnce()
})

test.each([undefined, null, '', { name: '' }])(
  'sourceSaved and sourceDeleted refuse %j',
  async (source: SourceInput) => {
    const { kernel } = testKernel()
    await expect(kernel.sourceSaved(source)).rejects.toEqual(code('INVALID_SOURCE'))
    await expect(kernel.sourceDeleted(source)).rejects.toEqual(code('INVALID_SOURCE'))
  },
)

test('a generator registered anew with another storage of its own knows nothing of the old one', async () => {
  const { kernel } = testKernel()
  const source = { name: 'kim.jpg', open: async () => original }
  const own = () => fakeGenerator({ plugins: [memoryStorage()] })
  kernel.register('a', own())
  await kernel.file('a', { source }).generate()
  await kernel.unregister('a')
  kernel.register('a', own())
  const file = kernel.file('a', { source })
  expect(await file.state()).toEqual({ state: 'absent' })
  expect((await file.bytes()).length).toBeGreaterThan(0)
})

test('a reference that is nested without end is none', () => {
  const kernel = createKernel({ generators: { a: fakeGenerator() } })
  const { reference } = kernel.file('a', { source: 'kim.jpg' })
  let nested: FileReference = reference
  for (let level = 0; level < 20_000; level++) nested = { ...reference, source: { name: 'kim.jpg', file: nested } }
  expect(() => kernel.fileFrom(nested)).toThrow(code('INVALID_REFERENCE'))
})

test('what plugins hold is released where the kernel, or a generator, could not be made', async () => {
  const release = vi.fn()
  const holding: Plugin = { name: 'holding', apply: () => release }
  const failing: Plugin = {
    name: 'failing',
    apply: () => {
      throw new Error('bad luck')
    },
  }
  expect(() => createKernel({ plugins: [holding, failing] })).toThrow('bad luck')
  await vi.waitFor(() => expect(release).toHaveBeenCalledTimes(1))
  const { kernel } = testKernel()
  expect(() => kernel.register('a', fakeGenerator({ plugins: [holding, failing] }))).toThrow('bad luck')
  await vi.waitFor(() => expect(release).toHaveBeenCalledTimes(2))
  expect(kernel.generatorIds()).toEqual([])
})

test('a closed kernel registers nothing', async () => {
  const { kernel } = testKernel()
  await kernel.close()
  expect(() => kernel.register('a', fakeGenerator())).toThrow(code('KERNEL_CLOSED'))
})

test('unregister() waits for work in hand before it releases', async () => {
  const release = vi.fn()
  const { kernel } = testKernel()
  const thumb = fakeGenerator({ plugins: [{ name: 'own', apply: () => release }] })
  kernel.register('a', thumb)
  thumb.gate.close()
  const generating = kernel.file('a', { source: { name: 'kim.jpg', open: async () => original } }).generate()
  await thumb.gate.reached()
  const unregistering = kernel.unregister('a')
  await new Promise(setImmediate)
  expect(release).not.toHaveBeenCalled()
  thumb.gate.open()
  expect(await generating).toBe('generated')
  await unregistering
  expect(release).toHaveBeenCalledOnce()
})

test('a source group that fails is named by its pattern', async () => {
  const items = async function* () {
    yield { source: 'kim.jpg' }
    throw new Error('no connection')
  }
  const { kernel } = testKernel({ generators: { a: fakeGenerator() }, sources: [{ for: 'a', items }] })
  const failed = {
    code: 'SOURCE_GROUP_FAILED',
    message: expect.stringContaining('`a`'),
    cause: new Error('no connection'),
  }
  await expect(collect(kernel.files())).rejects.toEqual(expect.objectContaining(failed))
})

test('what is no item is left out, with a warning', async () => {
  const items = async function* () {
    yield undefined as never
    yield { source: 'kim.jpg' }
  }
  const { kernel } = testKernel({ generators: { a: fakeGenerator() }, sources: [{ for: 'a', items }] })
  const warned = vi.fn()
  kernel.events.on('warning', warned)
  expect(await collect(kernel.files())).toEqual(['a kim.jpg {}'])
  expect(warned).toHaveBeenCalledOnce()
})

test('a pattern that is no text is refused', async () => {
  const { kernel } = testKernel({ generators: { a: fakeGenerator() } })
  const pattern = 5 as unknown as string
  expect(() => kernel.generatorIds(pattern)).toThrow(code('INVALID_PATTERN'))
  await expect(kernel.sourceSaved('kim.jpg', { for: pattern })).rejects.toEqual(code('INVALID_PATTERN'))
})

test('nothing for options is no options', async () => {
  const nothing = null as unknown as undefined
  const kernel = createKernel({ generators: { a: fakeGenerator() } }, nothing)
  expect(kernel.file('a', nothing).name).toBeNull()
})
