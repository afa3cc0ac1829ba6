import { createKernel, type Hooks, type Kernel, type Plugin, type Scope } from '@latent-image/kernel'
import { memoryStorage } from '@latent-image/plugin-storage-memory'
import { fakeCache, fakeGenerator, fakeStorage, testKernel } from '@latent-image/testkit'
import { expect, test } from 'vitest'

const original = new TextEncoder().encode('pixels')

function plugin(name: string, tap: (hooks: Hooks, scope: Scope) => ReturnType<Plugin['apply']>): Plugin {
  return { name, apply: (scope) => tap(scope.hooks, scope) }
}

/** A strategy that notes that it was asked. */
function noting(name: string, asked: string[]): Plugin {
  return plugin(name, ({ contentRequired }) =>
    contentRequired.tapPromise(name, async (file) => {
      asked.push(name)
      await file.generate()
    }),
  )
}

const from = (name: string) =>
  plugin(name, ({ source }) =>
    source.tapPromise(name, async (asked) =>
      asked.startsWith(name) ? { name: asked, open: async () => new TextEncoder().encode(name) } : undefined,
    ),
  )

const stored = (name: string, storage = fakeStorage()) =>
  plugin(name, (hooks) => hooks.storage.tap(name, () => storage))

const anyName = { open: async () => original, name: 'kim.jpg' }

test('a role is served by the innermost scope that taps it, and by that scope alone', async () => {
  const asked: string[] = []
  const inner = fakeStorage()
  const { kernel, storage } = testKernel({
    plugins: [noting('outer', asked), { for: 'catalog:**', plugins: [noting('inner', asked), stored('inner', inner)] }],
    generators: { 'catalog:thumb': fakeGenerator(), thumb: fakeGenerator() },
  })
  await kernel.file('catalog:thumb', { source: anyName }).bytes()
  expect([asked, inner.calls.write, storage.calls.write]).toEqual([['inner'], 1, 0])
  await kernel.file('thumb', { source: anyName }).bytes()
  expect([asked, inner.calls.write, storage.calls.write]).toEqual([['inner', 'outer'], 1, 1])
})

test('a nested scope is valid only within the one around it', async () => {
  const asked: string[] = []
  const { kernel } = testKernel({
    plugins: [
      noting('root', asked),
      { for: 'a', plugins: [noting('a', asked), { for: '**:deep', plugins: [noting('a deep', asked)] }] },
    ],
    generators: { 'a:deep': fakeGenerator(), 'a:flat': fakeGenerator(), 'b:deep': fakeGenerator() },
  })
  for (const id of ['a:deep', 'a:flat', 'b:deep']) await kernel.file(id, { source: anyName }).bytes()
  expect(asked).toEqual(['a deep', 'a', 'root'])
})

test('of scopes side by side that match, the later one is the inner one; a deeper one is further in', async () => {
  const asked: string[] = []
  const { kernel } = testKernel({
    plugins: [
      { for: 'a:**', plugins: [noting('first', asked), { for: 'a:b:**', plugins: [noting('nested', asked)] }] },
      { for: '**:z', plugins: [noting('second', asked)] },
    ],
    generators: { 'a:z': fakeGenerator(), 'a:b:z': fakeGenerator() },
  })
  for (const id of ['a:z', 'a:b:z']) await kernel.file(id, { source: anyName }).bytes()
  expect(asked).toEqual(['second', 'nested'])
})

test("a generator's own plugins are the innermost scope, for it alone", async () => {
  const asked: string[] = []
  const { kernel } = testKernel({
    plugins: [{ for: 'own', plugins: [noting('scope', asked)] }],
    generators: { own: fakeGenerator({ plugins: [noting('own', asked)] }), 'own:below': fakeGenerator() },
  })
  for (const id of ['own', 'own:below']) await kernel.file(id, { source: anyName }).bytes()
  expect(asked).toEqual(['own', 'scope'])
})

test('strategies in one scope compose, in order', async () => {
  const asked: string[] = []
  const { kernel } = testKernel({
    plugins: [noting('one', asked), noting('two', asked)],
    generators: { thumb: fakeGenerator() },
  })
  await kernel.file('thumb', { source: anyName }).bytes()
  expect(asked).toEqual(['one', 'two'])
})

test('just in time and on-save go together', async () => {
  const thumb = fakeGenerator()
  const onSave = plugin('on-save', ({ sourceSaved }) => sourceSaved.tapPromise('on-save', (file) => file.generate()))
  const { kernel } = testKernel({ plugins: [noting('jit', []), onSave], generators: { thumb } })
  await kernel.source('kim.jpg').save(original)
  expect(thumb.calls.generate).toBe(0)
  expect(await kernel.file('thumb', { source: 'kim.jpg' }).width()).toBe(20)
  const results = await kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  expect(results).toEqual([expect.objectContaining({ outcome: 'generated' })])
  expect(thumb.calls.generate).toBe(2)
})

const backend = (name: string) => plugin(name, ({ generate }) => generate.tapPromise(name, async () => 'scheduled'))
const cached = (name: string) => plugin(name, ({ cache }) => cache.tap(name, () => fakeCache()))
const same = stored('same')

test.each([
  ['storage', [stored('one'), stored('two')]],
  ['cache', [cached('one'), cached('two')]],
  ['backend', [backend('one'), backend('two')]],
  ['storage', [same, same]],
])('a second %s in one scope is a mistake', (role, plugins) => {
  const refused = expect.objectContaining({ code: 'DUPLICATE_ROLE', message: expect.stringContaining(role) })
  expect(() => createKernel({ plugins })).toThrow(refused)
  expect(() => createKernel({ plugins: [{ for: 'a', plugins }] })).toThrow(refused)
  expect(() => createKernel({ generators: { a: fakeGenerator({ plugins }) } })).toThrow(refused)
})

test('one of each role in every scope is none', () => {
  const plugins = () => [stored('storage'), cached('cache'), backend('backend')]
  expect(() => createKernel({ plugins: [...plugins(), { for: 'a', plugins: plugins() }] })).not.toThrow()
})

test('sources are asked for from the innermost scope outwards, until one knows the name', async () => {
  const { kernel } = testKernel({
    plugins: [from('outer'), { for: 'a', plugins: [from('inner')] }],
    generators: { a: fakeGenerator(), b: fakeGenerator() },
  })
  expect((await kernel.file('a', { source: 'inner.jpg' }).bytes()).length).toBeGreaterThan(0)
  expect((await kernel.file('a', { source: 'outer.jpg' }).bytes()).length).toBeGreaterThan(0)
  await expect(kernel.file('b', { source: 'inner.jpg' }).bytes()).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' })
})

test('the pattern of an inner scope with a source of its own enters the hash; that of the outermost does not', () => {
  const name = (plugins: Parameters<typeof createKernel>[0]['plugins'] & object) =>
    createKernel({ plugins, generators: { a: fakeGenerator() } }).file('a', { source: 'kim.jpg' }).name
  const plain = name([])
  expect(name([from('outer')])).toBe(plain)
  expect(name([{ for: 'a', plugins: [stored('s')] }])).toBe(plain)
  expect(name([{ for: 'a', plugins: [from('inner')] }])).not.toBe(plain)
  expect(name([{ for: 'a', plugins: [from('inner')] }])).not.toBe(name([{ for: '*', plugins: [from('inner')] }]))
})

test('equal specs on two storages never share state, though they share a cache', async () => {
  const [thumb, inner] = [fakeGenerator(), fakeStorage()]
  const { kernel, storage } = testKernel({
    plugins: [{ for: 'b', plugins: [stored('inner', inner)] }],
    generators: { a: thumb, b: thumb },
  })
  const [a, b] = ['a', 'b'].map((id) => kernel.file(id, { source: anyName }))
  expect(a?.name).toBe(b?.name)
  await a?.generate()
  expect([await a?.state(), await b?.state()]).toMatchObject([{ state: 'exists' }, { state: 'absent' }])
  await b?.generate()
  expect([storage.calls.write, inner.calls.write, thumb.calls.generate]).toEqual([1, 1, 2])
  await a?.delete()
  expect(await b?.exists()).toBe(true)
})

test('equal specs on one storage share one file', async () => {
  const thumb = fakeGenerator()
  const { kernel } = testKernel({ generators: { a: thumb, b: thumb } })
  await Promise.all(['a', 'b'].map((id) => kernel.file(id, { source: anyName }).bytes()))
  expect(thumb.calls.generate).toBe(1)
})

test('the preset fills the roles that nobody serves', async () => {
  const asked: string[] = []
  const storage = fakeStorage()
  const { kernel } = testKernel({
    plugins: [noting('mine', asked), stored('mine', storage)],
    generators: { thumb: fakeGenerator() },
  })
  await kernel.file('thumb', { source: anyName }).bytes()
  expect([asked, storage.calls.write]).toEqual([['mine'], 1])
})

test('the preset is not asked for sources where another plugin serves them', async () => {
  const { kernel, originals } = testKernel({ plugins: [from('mine')], generators: { thumb: fakeGenerator() } })
  await originals.write('kim.jpg', original, { type: 'image/jpeg' })
  await expect(kernel.file('thumb', { source: 'kim.jpg' }).bytes()).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' })
})

test('storage and cache are asked for once per generator', async () => {
  const asked: string[] = []
  const storage = fakeStorage()
  const { kernel } = testKernel({
    plugins: [
      plugin('s', (hooks) =>
        hooks.storage.tap('s', ({ id }) => {
          asked.push(id)
          return storage
        }),
      ),
    ],
    generators: { a: fakeGenerator(), b: fakeGenerator() },
  })
  for (const id of ['a', 'b', 'a']) await kernel.file(id, { source: anyName }).bytes()
  expect(asked).toEqual(['a', 'b'])
})

const roles: [string, (kernel: Kernel) => Promise<unknown>][] = [
  ['storage', (kernel) => kernel.file('thumb', { source: anyName }).url()],
  ['cache', (kernel) => kernel.file('thumb', { source: anyName }).state()],
  ['source', (kernel) => kernel.source('kim.jpg').exists()],
]

test.each(roles)('a missing %s is named, with a package that fills it', async (role, need) => {
  const kernel = createKernel({ generators: { thumb: fakeGenerator() } })
  const message = expect.stringMatching(new RegExp(`serves as ${role} .*@latent-image/plugin-`))
  await expect(need(kernel)).rejects.toEqual(expect.objectContaining({ code: 'MISSING_ROLE', message }))
})

test('a missing backend is named, with a package that fills it', async () => {
  const kernel = createKernel({ plugins: [memoryStorage(), cached('c')], generators: { thumb: fakeGenerator() } })
  const message = expect.stringContaining('@latent-image/plugin-backend-immediate')
  const generating = kernel.file('thumb', { source: anyName }).generate()
  await expect(generating).rejects.toEqual(expect.objectContaining({ code: 'MISSING_ROLE', message }))
})

test('a storage that declines is a missing one', async () => {
  const declining = plugin('declining', ({ storage }) => storage.tap('declining', () => undefined))
  const { kernel } = testKernel({ plugins: [declining], generators: { thumb: fakeGenerator() } })
  await expect(kernel.file('thumb', { source: anyName }).url()).rejects.toMatchObject({ code: 'MISSING_ROLE' })
})

test('nothing can be tapped once the kernel has started', () => {
  let kept: Hooks | undefined
  const keeping = plugin('keeping', (hooks) => {
    kept = hooks
  })
  const kernel = createKernel({ plugins: [{ for: 'a', plugins: [keeping] }] })
  const started = expect.objectContaining({ code: 'KERNEL_STARTED', message: expect.stringContaining('storage') })
  expect(() => kernel.hooks.storage.tap('late', () => undefined)).toThrow(started)
  expect(() => kept?.storage.tap('late', () => undefined)).toThrow(started)
})

test('apply is told its pattern and resolves paths in the directory', () => {
  const seen: string[] = []
  const telling = plugin('telling', (_, { pattern, resolve }) => void seen.push(`${pattern} ${resolve('media')}`))
  createKernel(
    {
      plugins: [telling, { for: 'a:*', plugins: [telling] }],
      generators: { own: fakeGenerator({ plugins: [telling] }) },
    },
    { directory: '/srv' },
  )
  expect(seen).toEqual(['** /srv/media', 'a:* /srv/media', 'own /srv/media'])
})

test('kernels made from one config are independent of each other', async () => {
  const config = { plugins: [memoryStorage()], generators: { thumb: fakeGenerator() } }
  const [one, other] = [testKernel(config).kernel, testKernel(config).kernel]
  await one.file('thumb', { source: anyName }).bytes()
  expect(await other.file('thumb', { source: anyName }).state()).toEqual({ state: 'absent' })
})

test('kernel.source() is served by what is valid for every generator', async () => {
  const [inner, outer] = [memoryStorage(), memoryStorage()]
  const { kernel } = testKernel({
    plugins: [outer, { for: 'a', plugins: [{ for: '**', plugins: [inner] }] }],
    generators: { z: fakeGenerator() },
  })
  await kernel.source('kim.jpg').save(original)
  expect(await kernel.file('z', { source: 'kim.jpg' }).exists()).toBe(true)
})

test('kernel.source() finds sources in a scope for everything', async () => {
  const { kernel } = testKernel({ plugins: [{ for: '**', plugins: [from('inner')] }] })
  expect(await kernel.source('inner.jpg').exists()).toBe(true)
})
