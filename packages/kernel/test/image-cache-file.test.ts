import { inspect } from 'node:util'
import {
  createKernel,
  defineErrors,
  errors,
  type FileReference,
  type ImageCacheFile,
  type JsonValue,
  type Kernel,
  type LatentImageError,
  type Plugin,
  type ReadOptions,
  type SourceInput,
} from '@latent-image/kernel'
import {
  type FakeGeneratorOptions,
  fakeGenerator,
  fakeStorage,
  systemError,
  type TestKernelOptions,
  testKernel,
} from '@latent-image/testkit'
import { expect, test } from 'vitest'

const original = new TextEncoder().encode('pixels')
const faults = {
  ...defineErrors('source', { BROKEN: 'The source is broken.' }),
  ...defineErrors('caller', { TOO_MUCH_ASKED: 'The processor asks for too much.' }),
}

/** A plugin that takes the role of strategy and never generates. */
const passive: Plugin = { name: 'passive', apply: ({ hooks }) => hooks.sourceSaved.tap('passive', () => undefined) }

async function made({ plugins = [], ...options }: TestKernelOptions & { plugins?: readonly Plugin[] } = {}) {
  const thumb = fakeGenerator()
  const test = testKernel({ plugins, generators: { thumb, dot: fakeGenerator({ source: 'none' }) } }, options)
  await test.originals.write('kim.jpg', original, { type: 'image/jpeg' })
  const failures: LatentImageError[] = []
  test.kernel.events.on('failed', ({ error }) => failures.push(error))
  return { ...test, thumb, failures, file: test.kernel.file('thumb', { source: 'kim.jpg' }) }
}

const code = (code: string) => expect.objectContaining({ code })

test('is named without any I/O', async () => {
  const { file, storage, cache } = await made()
  expect(file.name).toMatch(/^CACHE\/images\/kim\/[0-9a-f]{32}\.webp$/)
  expect([String(file), JSON.stringify({ file }), `${inspect(file)}`]).toEqual([
    file.name,
    JSON.stringify({ file: file.name }),
    `<ImageCacheFile: ${file.name}>`,
  ])
  expect([Object.values(storage.calls).some(Boolean), cache.calls]).toEqual([false, { get: 0, swap: 0 }])
})

test('has a url once it exists', async () => {
  const { file, thumb } = await made()
  expect(await file.url()).toBe(`/media/${file.name}`)
  expect(thumb.calls.generate).toBe(1)
})

test('has a path where the storage has paths', async () => {
  const storage = { ...fakeStorage(), path: (key: string) => `/srv/${key}` }
  const { file } = await made({ storage })
  expect(await file.path()).toBe(`/srv/${file.name}`)
})

test('rejects path() where the storage has none', async () => {
  const { file } = await made()
  await expect(file.path()).rejects.toEqual(code('NO_PATH'))
})

test('gives its bytes as an array, a buffer, a stream and a blob', async () => {
  const { file, thumb } = await made()
  const bytes = thumb.imageOf(original)
  expect(await file.bytes()).toEqual(bytes)
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes)
  expect(new Uint8Array(await new Response(await file.stream()).arrayBuffer())).toEqual(bytes)
  const blob = await file.blob()
  expect([blob.type, new Uint8Array(await blob.arrayBuffer())]).toEqual(['image/webp', bytes])
  expect(thumb.calls.generate).toBe(1)
})

test('tells its facts', async () => {
  const { file, thumb } = await made()
  const size = thumb.imageOf(original).byteLength
  expect(await file.metadata()).toEqual({ width: 20, height: 10, type: 'image/webp', size })
  expect([await file.width(), await file.height(), await file.size()]).toEqual([20, 10, size])
})

/** A file that was made before, by a process whose state is lost. */
async function afterRestart(options: FakeGeneratorOptions = {}) {
  const { file, storage, originals } = await made()
  await file.generate()
  const thumb = fakeGenerator(options)
  const { kernel, cache } = testKernel({ generators: { thumb } }, { storage, originals })
  return { thumb, kernel, cache, file: kernel.file('thumb', { source: 'kim.jpg' }) }
}

test('reads lost facts from the stored bytes, once', async () => {
  const { file, thumb, kernel } = await afterRestart()
  expect([await file.width(), await file.describe()]).toEqual([20, expect.objectContaining({ width: 20 })])
  expect(await kernel.file('thumb', { source: 'kim.jpg' }).height()).toBe(10)
  expect(thumb.calls).toEqual({ generate: 0, inspect: 1 })
})

test('tells the generator of what the bytes were made whose facts are lost', async () => {
  const { file, thumb, kernel } = await afterRestart()
  const told: unknown[] = []
  thumb.inspect = async (_data, made) => {
    told.push(made)
    return { width: 1, height: 1, type: 'image/webp' }
  }
  await file.width()
  expect(told).toEqual([{ source: { name: 'kim.jpg' }, params: {} }])
  await kernel.close()
})

test('makes lost facts anew, with the bytes, where the generator cannot read them', async () => {
  const { file, thumb } = await afterRestart({ inspects: false })
  expect([await file.width(), await file.size()]).toEqual([20, thumb.imageOf(original).byteLength])
  expect(thumb.calls.generate).toBe(1)
})

test('makes bytes anew that turn out to be no image, and warns', async () => {
  const { file, thumb, kernel } = await afterRestart()
  const warnings: unknown[] = []
  kernel.events.on('warning', ({ error }) => warnings.push(error))
  thumb.inspect = async () => Promise.reject(new Error('no image'))
  expect(await file.width()).toBe(20)
  expect([thumb.calls.generate, warnings]).toEqual([1, [new Error('no image')]])
})

test('describes itself as plain data', async () => {
  const { file, thumb } = await made()
  const size = thumb.imageOf(original).byteLength
  const description = { url: `/media/${file.name}`, width: 20, height: 10, type: 'image/webp', size }
  expect(await file.describe()).toEqual(description)
  expect(JSON.parse(JSON.stringify(await file.describe()))).toEqual(description)
})

test('is null to templates, and does not exist, where nobody has made it', async () => {
  const { file, thumb } = await made({ plugins: [passive] })
  expect([await file.exists(), await file.describe()]).toEqual([false, null])
  expect(await file.url()).toBe(`/media/${file.name}`)
  expect(thumb.calls.generate).toBe(0)
})

test('rejects with the strategy in force where content was required and not provided', async () => {
  const { file } = await made({ plugins: [passive] })
  const error = expect.objectContaining({ code: 'NOT_GENERATED', message: expect.stringContaining('passive') })
  await expect(file.bytes()).rejects.toEqual(error)
  await expect(file.stream()).rejects.toEqual(error)
  await expect(file.width()).rejects.toEqual(error)
})

test('tells what is known of it without asking a strategy', async () => {
  const { file, thumb } = await made()
  expect(await file.state()).toEqual({ state: 'absent' })
  expect(thumb.calls.generate).toBe(0)
  thumb.gate.close()
  const generating = file.generate()
  await thumb.gate.reached()
  expect(await file.state()).toEqual({ state: 'generating', scheduled: false })
  thumb.gate.open()
  await generating
  expect(await file.state()).toEqual({ state: 'exists', facts: await file.metadata() })
})

test('tells why it failed', async () => {
  const { file, thumb } = await made()
  thumb.failure = faults.BROKEN({})
  await expect(file.generate()).rejects.toEqual(code('BROKEN'))
  expect(await file.state()).toEqual({ state: 'failed', failure: { code: 'BROKEN', message: 'The source is broken.' } })
})

test('is generated once, however many ask', async () => {
  const { file, thumb } = await made()
  const all = await Promise.all(Array.from({ length: 10 }, () => file.bytes()))
  expect(all).toEqual(Array(10).fill(thumb.imageOf(original)))
  expect(thumb.calls.generate).toBe(1)
})

test('generate() says what it did', async () => {
  const { file, thumb } = await made()
  expect([await file.generate(), await file.generate(), await file.generate({ force: true })]).toEqual([
    'generated',
    'exists',
    'generated',
  ])
  expect(thumb.calls.generate).toBe(2)
})

test('stops waiting when its caller aborts, while the work goes on', async () => {
  const { file, thumb } = await made()
  thumb.gate.close()
  const abortion = new AbortController()
  const waiting = file.generate({ signal: abortion.signal })
  await thumb.gate.reached()
  abortion.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  thumb.gate.open()
  expect(await file.bytes()).toEqual(thumb.imageOf(original))
  expect(thumb.calls.generate).toBe(1)
})

/** A file that waits in a queue; `work()` makes it. */
async function scheduled(patience?: number) {
  const jobs: (() => Promise<void>)[] = []
  const queue: Plugin = {
    name: 'queue',
    apply: ({ hooks, kernel }) => {
      hooks.generate.tapPromise('queue', async (file, order) => {
        jobs.push(() => kernel.produce(file, order))
        return 'scheduled'
      })
      if (patience !== undefined) hooks.pending.tap('queue', () => patience)
    },
  }
  const world = await made({ plugins: [queue] })
  await world.file.generate()
  return { ...world, work: () => jobs[0]?.() }
}

const reading: [string, (file: ImageCacheFile, options?: ReadOptions) => Promise<unknown>][] = [
  ['bytes', (file, options) => file.bytes(options)],
  ['arrayBuffer', (file, options) => file.arrayBuffer(options)],
  ['stream', (file, options) => file.stream(options)],
  ['blob', (file, options) => file.blob(options)],
  ['metadata', (file, options) => file.metadata(options)],
  ['width', (file, options) => file.width(options)],
  ['height', (file, options) => file.height(options)],
  ['size', (file, options) => file.size(options)],
]

test.each(reading)('%s() of a file on its way rejects at once with when to come back', async (_, read) => {
  const { file } = await scheduled()
  await expect(read(file)).rejects.toMatchObject({ code: 'PENDING', fault: 'machine', retryAfter: expect.any(Number) })
})

test.each(reading)('%s() waits for a file on its way where it is told to', async (_, read) => {
  const { file, work, thumb } = await scheduled()
  const waiting = read(file, { waitFor: 60_000 })
  await work()
  await expect(waiting).resolves.toBeDefined()
  expect(thumb.calls.generate).toBe(1)
})

test('the backend says how long a reader waits, unless the reader does', async () => {
  const { file, work, thumb } = await scheduled(60_000)
  await expect(file.bytes({ waitFor: 0 })).rejects.toEqual(code('PENDING'))
  const waiting = file.bytes()
  await work()
  expect(await waiting).toEqual(thumb.imageOf(original))
})

test('a reader who waits learns why the file cannot be', async () => {
  const { file, work, thumb } = await scheduled(60_000)
  thumb.failure = faults.BROKEN({})
  const refused = expect(file.bytes()).rejects.toEqual(code('BROKEN'))
  await expect(work()).rejects.toEqual(code('BROKEN'))
  await refused
})

test('templates never wait', async () => {
  const { file, failures } = await scheduled(60_000)
  expect([await file.exists(), await file.describe(), await file.url()]).toEqual([false, null, `/media/${file.name}`])
  expect(failures).toEqual([])
})

test('a reader looks again when a backend has noticed', async () => {
  const { work, kernel, cache, storage, originals, thumb } = await scheduled()
  const reader = testKernel({ plugins: [passive], generators: { thumb } }, { cache, storage, originals }).kernel
  const read = reader.file('thumb', { source: 'kim.jpg' })
  const waiting = read.bytes({ waitFor: 60_000 })
  await work()
  reader.noticed(read)
  expect(await waiting).toEqual(thumb.imageOf(original))
  await kernel.close()
})

test('delete() removes bytes and state', async () => {
  const { file, storage, thumb } = await made()
  await file.generate()
  await file.delete()
  expect(await storage.inner.stat(String(file))).toBeUndefined()
  expect(await file.state()).toEqual({ state: 'absent' })
  expect(await file.bytes()).toEqual(thumb.imageOf(original))
})

test('heals when storage has lost what state promised', async () => {
  const { file, storage, thumb } = await made()
  await file.bytes()
  await storage.inner.delete(String(file))
  expect(await file.bytes()).toEqual(thumb.imageOf(original))
  expect(thumb.calls.generate).toBe(2)
})

test('fails, with what storage said, when storage loses it again', async () => {
  const { file, storage } = await made()
  await file.generate()
  storage.failures.read = errors.FILE_NOT_FOUND({ key: String(file) })
  const error = { code: 'NOT_GENERATED', cause: code('FILE_NOT_FOUND') }
  await expect(file.bytes()).rejects.toEqual(expect.objectContaining(error))
})

test('costs no call of storage or cache once it is known', async () => {
  const { file, storage, cache } = await made()
  await file.generate()
  storage.resetCalls()
  const before = { ...cache.calls }
  await Promise.all([file.url(), file.exists(), file.width(), file.describe(), file.state()])
  const { url, ...others } = storage.calls
  expect(Object.values(others).every((count) => count === 0)).toBe(true)
  expect(cache.calls).toEqual(before)
})

const sourceless: [string, (file: ImageCacheFile) => Promise<unknown>][] = [
  ['url', (file) => file.url()],
  ['path', (file) => file.path()],
  ['bytes', (file) => file.bytes()],
  ['arrayBuffer', (file) => file.arrayBuffer()],
  ['stream', (file) => file.stream()],
  ['blob', (file) => file.blob()],
  ['metadata', (file) => file.metadata()],
  ['width', (file) => file.width()],
  ['height', (file) => file.height()],
  ['size', (file) => file.size()],
  ['state', (file) => file.state()],
  ['generate', (file) => file.generate()],
  ['delete', (file) => file.delete()],
]

test.each(sourceless)('without a source %s() rejects', async (_, call) => {
  const { kernel } = await made()
  await expect(call(kernel.file('thumb'))).rejects.toEqual(code('MISSING_SOURCE'))
})

test('without a source it has no name, does not exist, and is null to templates', async () => {
  const { kernel, storage } = await made()
  for (const source of [undefined, null, '', { name: '' }]) {
    const file = kernel.file('thumb', { source })
    expect([file.name, await file.exists(), await file.describe()]).toEqual([null, false, null])
    expect([String(file), JSON.stringify({ file })]).toEqual(['', '{"file":null}'])
    expect(file.reference).toEqual({ generator: 'thumb', source: null, params: {}, name: null })
    expect(kernel.fileFrom(file.reference).name).toBeNull()
  }
  expect(Object.values(storage.calls).every((count) => count === 0)).toBe(true)
})

test('a generator without a source makes a file that does all the others do', async () => {
  const { kernel } = await made()
  const file = kernel.file('dot', { params: { size: 3 } })
  expect([await file.exists(), await file.width(), (await file.bytes()).length > 0]).toEqual([true, 20, true])
  expect(await file.describe()).toMatchObject({ url: `/media/${file.name}`, width: 20 })
  expect(kernel.fileFrom(file.reference).name).toBe(file.name)
})

const bad: [string, (world: Awaited<ReturnType<typeof made>>) => unknown][] = [
  ['its source is missing', ({ originals }) => originals.delete('kim.jpg')],
  ['its source is broken', ({ thumb }) => Object.assign(thumb, { failure: faults.BROKEN({}) })],
  ['its generator throws', ({ thumb }) => Object.assign(thumb, { failure: new TypeError('a bug') })],
  ['a processor refuses its source', ({ thumb }) => Object.assign(thumb, { failure: faults.TOO_MUCH_ASKED({}) })],
  ['its generator returns nothing', ({ thumb }) => Object.assign(thumb, { generate: async () => undefined })],
  ['the disk is full', ({ storage }) => Object.assign(storage.failures, { write: systemError('ENOSPC') })],
  ['storage cannot be asked', ({ storage }) => Object.assign(storage.failures, { stat: systemError('EACCES') })],
]

test.each(bad)('exists() and describe() do not reject where %s, and an event tells why', async (_, harm) => {
  const world = await made()
  await harm(world)
  expect([await world.file.exists(), await world.file.describe()]).toEqual([false, null])
  expect(world.failures.length).toBeGreaterThan(0)
  await expect(world.file.bytes()).rejects.toEqual(expect.objectContaining({ code: world.failures[0]?.code }))
})

const failing = (fail: () => Promise<never>): Plugin => ({
  name: 'queue',
  apply: ({ hooks }) => hooks.generate.tapPromise('queue', fail),
})

test.each([
  ['fails', failing(async () => Promise.reject(new Error('no connection'))), 'PLUGIN_FAILED'],
  ['does nothing', { ...failing(async () => Promise.reject()), apply: idleBackend }, 'BACKEND_IDLE'],
])('exists() and describe() do not reject where the backend %s', async (_, backend, expected) => {
  const { file, failures } = await made({ plugins: [backend] })
  expect([await file.exists(), await file.describe()]).toEqual([false, null])
  expect(failures[0]?.code).toBe(expected)
  await expect(file.bytes()).rejects.toEqual(code(expected))
})

function idleBackend({ hooks }: Parameters<Plugin['apply']>[0]): void {
  hooks.generate.tapPromise('idle', async () => 'generated')
}

test("exists() and describe() do reject where the kernel has no backend: that is no picture's fault", async () => {
  const kernel = createKernel({
    generators: { thumb: fakeGenerator() },
    plugins: [
      {
        name: 'rest',
        apply: ({ hooks }) => {
          const storage = fakeStorage()
          hooks.storage.tap('rest', () => storage)
          hooks.source.tapPromise('rest', async (name) => ({ name, open: async () => original }))
          hooks.existenceRequired.tapPromise('rest', (file) => file.generate())
          const records = new Map<string, never>()
          hooks.cache.tap('rest', () => ({
            supports: { sharedBetweenProcesses: false, atomicSwap: true },
            get: async (key) => records.get(key),
            swap: async (key, _, next) => !!records.set(key, next as never),
          }))
        },
      },
    ],
  })
  const file = kernel.file('thumb', { source: 'kim.jpg' })
  await expect(file.exists()).rejects.toEqual(code('MISSING_ROLE'))
  await expect(file.describe()).rejects.toEqual(code('MISSING_ROLE'))
})

test('exists() trusts without checking where the strategy says so', async () => {
  const trusting: Plugin = {
    name: 'trusting',
    apply: ({ hooks }) => hooks.verifyExistence.tap('trusting', () => false),
  }
  const { file, storage } = await made({ plugins: [trusting] })
  expect(await file.exists()).toBe(true)
  expect(storage.calls.stat).toBe(0)
})

test.each([true, undefined])('exists() checks where the strategy answers %s', async (answer) => {
  const strategy: Plugin = { name: 's', apply: ({ hooks }) => hooks.verifyExistence.tap('s', () => answer) }
  const { file, storage } = await made({ plugins: [strategy] })
  expect(await file.exists()).toBe(false)
  expect(storage.calls.stat).toBe(1)
})

test('a page of fifty files with one broken source shows forty-nine', async () => {
  const { kernel, originals, thumb } = await made()
  const names = Array.from({ length: 50 }, (_, index) => `${index}.jpg`)
  for (const name of names) await originals.write(name, original, { type: 'image/jpeg' })
  const { generate } = thumb
  thumb.generate = async (input) => {
    if (input.source?.name === '13.jpg') throw faults.BROKEN({})
    return generate(input)
  }
  const described = await Promise.all(names.map((source) => kernel.file('thumb', { source }).describe()))
  expect(described.filter((description) => description === null)).toHaveLength(1)
  expect(described[13]).toBeNull()
})

test('a file tells whether its source brings bytes of its own along, which do not travel', () => {
  const { kernel } = testKernel({ generators: { thumb: fakeGenerator() } })
  const fileOf = (source: SourceInput) => kernel.file('thumb', { source })
  const own = fileOf({ name: 'kim.png', open: async () => original })
  expect(own.hasOwnBytes).toBe(true)
  expect(fileOf(new File([original], 'kim.png')).hasOwnBytes).toBe(true)
  expect(kernel.fileFrom(own.reference).hasOwnBytes).toBe(false)
  for (const source of ['kim.png', undefined, own]) expect(fileOf(source).hasOwnBytes).toBe(false)
})

test('a reference is plain JSON that rebuilds the file', async () => {
  const { kernel } = await made()
  const source = { name: 'kim.jpg', revision: '7', attributes: { focus: [1, 2] } }
  const file = kernel.file('thumb', { source, params: { width: 3 } })
  expect(file.reference).toEqual({ generator: 'thumb', source, params: { width: 3 }, name: file.name })
  const travelled = JSON.parse(JSON.stringify(file.reference)) as FileReference
  const rebuilt = testKernel({ generators: { thumb: fakeGenerator() } }).kernel.fileFrom(travelled)
  expect(rebuilt.reference).toEqual(file.reference)
})

test('another derivative can be the source, and is made first', async () => {
  const { kernel, thumb, file } = await made()
  const small = fakeGenerator({ fingerprint: 'small' })
  kernel.register('small', small)
  const chained = kernel.file('small', { source: file })
  expect(await chained.bytes()).toEqual(small.imageOf(thumb.imageOf(original)))
  expect(chained.source?.name).toBe(file.name)
  const travelled = JSON.parse(JSON.stringify(chained.reference)) as FileReference
  expect(await kernel.fileFrom(travelled).bytes()).toEqual(await chained.bytes())
  expect([thumb.calls.generate, small.calls.generate]).toEqual([1, 1])
})

test('a derivative without a source is no source', async () => {
  const { kernel } = await made()
  expect(kernel.file('thumb', { source: kernel.file('thumb') }).name).toBeNull()
})

test('attributes reach the generator, one row at a time', async () => {
  const seen: JsonValue[] = []
  const { kernel } = testKernel({
    generators: {
      focused: {
        ...fakeGenerator(),
        fingerprint: (source) => ({ focus: source?.attributes ?? null }),
        generate: async ({ source }) => {
          seen.push(source?.attributes ?? null)
          return { data: original, facts: { width: 1, height: 1, type: 'image/png' } }
        },
      },
    },
  })
  const row = (id: number) => ({ name: 'kim.jpg', attributes: { id }, open: async () => original })
  const files = [1, 2].map((id) => kernel.file('focused', { source: row(id) }))
  await Promise.all(files.map((file) => file.generate()))
  expect(seen).toEqual([{ id: 1 }, { id: 2 }])
  expect(files[0]?.name).not.toBe(files[1]?.name)
})

test('arrayBuffer() and blob() hold the bytes of the file alone, whatever a storage reads', async () => {
  const { file, storage, thumb } = await made()
  const { read } = storage
  storage.read = async (key) => Buffer.from(await read(key))
  const { byteLength } = thumb.imageOf(original)
  expect([(await file.arrayBuffer()).byteLength, (await file.blob()).size]).toEqual([byteLength, byteLength])
})

test('what the caller does to params and attributes afterwards is of no effect', async () => {
  const { kernel } = await made()
  const [params, attributes] = [{ size: { width: 100 } }, { focus: [1, 2] }]
  const file = kernel.file('thumb', { source: { name: 'kim.jpg', attributes }, params })
  params.size.width = 200
  attributes.focus[0] = 9
  expect(file.reference).toMatchObject({ params: { size: { width: 100 } }, source: { attributes: { focus: [1, 2] } } })
  expect(kernel.fileFrom(file.reference).name).toBe(file.name)
})

test('exists() does not reject where a source fails with a mistake of its own', async () => {
  const { kernel } = await made()
  const nothing = kernel.file('thumb')
  const file = kernel.file('thumb', { source: { name: 'q', open: () => nothing.bytes() } })
  expect([await file.exists(), await file.describe()]).toEqual([false, null])
})

test('facts do not hide the address', async () => {
  const generate = async () => ({
    data: original,
    facts: { width: 1, height: 1, type: 'image/png', url: 'https://example.com/' },
  })
  const { kernel } = testKernel({ generators: { a: { ...fakeGenerator(), generate } } })
  const file = kernel.file('a', { source: { name: 'kim.jpg', open: async () => original } })
  expect(await file.describe()).toMatchObject({ url: `/media/${file.name}` })
})

test('the reference of a source cannot be changed', async () => {
  const { kernel } = await made()
  for (const source of ['kim.jpg', { name: 'kim.jpg', attributes: { x: 1 } }, kernel.file('dot')]) {
    expect(Object.isFrozen(kernel.file('thumb', { source }).source)).toBe(true)
  }
})

test('a backend is told whether a reader waits', async () => {
  const orders: (boolean | undefined)[] = []
  const backend: Plugin = {
    name: 'backend',
    apply: ({ hooks, kernel }) =>
      hooks.generate.tapPromise('backend', async (file, order) => {
        orders.push(order.isAwaited)
        await kernel.produce(file, order)
        return 'generated'
      }),
  }
  const { file, kernel } = await made({ plugins: [backend] })
  await file.bytes()
  await kernel.file('dot').generate()
  await file.generate({ force: true })
  await file.delete()
  await file.url()
  expect(orders).toEqual([true, false, false, true])
})

const changes: [string, (file: ImageCacheFile, kernel: Kernel) => Promise<unknown>][] = [
  ['is forced', (file) => file.generate({ force: true })],
  ['is made anew since its source was saved', (_, kernel) => kernel.sourceSaved('kim.jpg', { for: 'thumb' })],
  ['is dropped since its source was saved', (_, kernel) => kernel.sourceSaved('kim.jpg')],
  ['is deleted', (file) => file.delete()],
]

test.each(changes)('is read while it %s', async (_, change) => {
  const { file, kernel, thumb } = await made()
  await file.generate()
  const readings = [file.bytes(), file.width(), file.exists(), file.describe()]
  const work = change(file, kernel)
  readings.push(file.bytes(), file.width(), file.exists(), file.describe())
  const bytes = thumb.imageOf(original)
  const description = expect.objectContaining({ width: 20, size: bytes.byteLength })
  expect(await Promise.all(readings)).toEqual([bytes, 20, true, description, bytes, 20, true, description])
  await work
})

test('stands beside what other generators make of its source, wherever that comes from', async () => {
  const { kernel, file } = await made()
  const own = { name: 'own.jpg', revision: '7', open: async () => original }
  kernel.register('other', fakeGenerator({ fingerprint: 'other' }))
  expect(file.beside('other').name).toBe(kernel.file('other', { source: 'kim.jpg' }).name)
  expect(await kernel.file('thumb', { source: own }).beside('other').exists()).toBe(true)
  expect(kernel.file('thumb', { source: file }).beside('other').source?.name).toBe(file.name)
  expect(kernel.file('thumb').beside('other').name).toBeNull()
})
