import { defineErrors, type Hooks, type ImageCacheFile, type Kernel, type Plugin } from '@latent-image/kernel'
import { fakeGenerator, fakeSourceGroup, testKernel } from '@latent-image/testkit'
import { expect, test } from 'vitest'

const source = { name: 'kim.jpg', open: async () => new Uint8Array([1]) }
const errors = defineErrors('machine', { NO_LUCK: 'There was no luck.' })

const strategyHooks = ['contentRequired', 'existenceRequired', 'sourceSaved', 'sourceDeleted'] as const

/** Notes the calls of all strategy hooks; generates nothing. */
function observed(called: string[] = []) {
  const strategy: Plugin = {
    name: 'observing',
    apply({ hooks }) {
      for (const hook of strategyHooks) hooks[hook].tap('observing', ({ name }) => void called.push(`${hook} ${name}`))
      hooks.verifyExistence.tap('observing', ({ name }) => {
        called.push(`verifyExistence ${name}`)
        return undefined
      })
    },
  }
  const test = testKernel({ plugins: [strategy], generators: { thumb: fakeGenerator() } })
  return { ...test, called, file: test.kernel.file('thumb', { source }) }
}

const needs: [string, string[], (file: ImageCacheFile, kernel: Kernel) => unknown][] = [
  ['bytes', ['contentRequired'], (file) => file.bytes()],
  ['stream', ['contentRequired'], (file) => file.stream()],
  ['arrayBuffer', ['contentRequired'], (file) => file.arrayBuffer()],
  ['blob', ['contentRequired'], (file) => file.blob()],
  ['metadata', ['contentRequired'], (file) => file.metadata()],
  ['width', ['contentRequired'], (file) => file.width()],
  ['height', ['contentRequired'], (file) => file.height()],
  ['size', ['contentRequired'], (file) => file.size()],
  ['url', ['existenceRequired'], (file) => file.url()],
  ['path', ['existenceRequired'], (file) => file.path()],
  ['exists', ['verifyExistence', 'existenceRequired'], (file) => file.exists()],
  ['describe', ['existenceRequired'], (file) => file.describe()],
  ['sourceSaved', ['sourceSaved'], (_, kernel) => kernel.sourceSaved(source, { for: 'thumb' })],
  ['sourceDeleted', ['sourceDeleted'], (_, kernel) => kernel.sourceDeleted(source, { for: 'thumb' })],
  ['state', [], (file) => file.state()],
  ['generate', [], (file) => file.generate()],
  ['delete', [], (file) => file.delete()],
  ['reference', [], (file) => file.reference],
  ['toString', [], (file) => String(file)],
  ['toJSON', [], (file) => JSON.stringify(file)],
]

test.each(needs)('%s calls %j', async (_, hooks, use) => {
  const { file, kernel, called } = observed()
  await Promise.allSettled([use(file, kernel)])
  expect(called).toEqual(hooks.map((hook) => `${hook} ${file.name}`))
})

test('sourceSaved and sourceDeleted are called for the files that groups tie to the source', async () => {
  const { kernel, called, file } = observed()
  kernel.addSourceGroup(fakeSourceGroup({ for: 'thumb', sources: { 'kim.jpg': new Uint8Array([1]) } }))
  await kernel.sourceSaved('kim.jpg')
  await kernel.sourceDeleted('kim.jpg')
  await kernel.sourceSaved('other.jpg')
  expect(called).toEqual([`sourceSaved ${file.name}`, `sourceDeleted ${file.name}`])
})

test('generate is given a token and a signal, and only where there is work to do', async () => {
  const orders: unknown[] = []
  const backend: Plugin = {
    name: 'backend',
    apply: ({ hooks, kernel }) =>
      hooks.generate.tapPromise('backend', async (file, order) => {
        orders.push(order)
        await kernel.produce(file, order)
        return 'generated'
      }),
  }
  const { kernel } = testKernel({ plugins: [backend], generators: { thumb: fakeGenerator() } })
  const file = kernel.file('thumb', { source })
  expect([await file.generate(), await file.generate()]).toEqual(['generated', 'exists'])
  expect(orders).toEqual([expect.objectContaining({ token: expect.any(String), signal: expect.any(AbortSignal) })])
})

test('a backend that schedules is asked once', async () => {
  const jobs: ImageCacheFile[] = []
  const backend: Plugin = {
    name: 'backend',
    apply: ({ hooks }) =>
      hooks.generate.tapPromise('backend', async (file) => {
        jobs.push(file)
        return 'scheduled'
      }),
  }
  const { kernel } = testKernel({ plugins: [backend], generators: { thumb: fakeGenerator() } })
  const file = kernel.file('thumb', { source })
  expect([await file.generate(), await file.generate()]).toEqual(['scheduled', 'scheduled'])
  expect(jobs).toEqual([file])
})

test('source is given the name, and whether it is going to be saved', async () => {
  const asked: unknown[] = []
  const plugin: Plugin = {
    name: 'sources',
    apply: ({ hooks }) => hooks.source.tapPromise('sources', async (...input) => void asked.push(input) as undefined),
  }
  const { kernel } = testKernel({ plugins: [plugin], generators: { thumb: fakeGenerator() } })
  await kernel.source('kim.jpg').exists()
  await expect(kernel.source('kim.jpg').save(new Uint8Array())).rejects.toMatchObject({ code: 'SOURCE_READ_ONLY' })
  const find = ['kim.jpg', { create: false }]
  expect(asked).toEqual([find, find, ['kim.jpg', { create: true }]])
})

type Failing = [string, (hooks: Hooks, error: unknown) => void]

const failing: Failing[] = [
  [
    'tap',
    (hooks, error) =>
      hooks.existenceRequired.tap('x', () => {
        throw error
      }),
  ],
  ['tapPromise', (hooks, error) => hooks.existenceRequired.tapPromise('x', () => Promise.reject(error))],
  [
    'tapPromise that throws',
    (hooks, error) =>
      hooks.existenceRequired.tapPromise('x', () => {
        throw error
      }),
  ],
  ['tapAsync', (hooks, error) => hooks.existenceRequired.tapAsync('x', (_, callback) => callback(error as Error))],
  [
    'tapAsync that throws',
    (hooks, error) =>
      hooks.existenceRequired.tapAsync('x', () => {
        throw error
      }),
  ],
  [
    'storage',
    (hooks, error) =>
      hooks.storage.tap('x', () => {
        throw error
      }),
  ],
]

test.each(failing)('an error of %s names the plugin', async (_, tap) => {
  const fail = new Error('bad luck')
  const plugin: Plugin = { name: 'unlucky', apply: ({ hooks }) => tap(hooks, fail) }
  const { kernel } = testKernel({ plugins: [plugin], generators: { thumb: fakeGenerator() } })
  const named = { code: 'PLUGIN_FAILED', message: expect.stringContaining('unlucky'), cause: fail }
  await expect(kernel.file('thumb', { source }).url()).rejects.toEqual(expect.objectContaining(named))
})

test.each(failing)('a catalogued error of %s passes as it is', async (_, tap) => {
  const error = errors.NO_LUCK({})
  const plugin: Plugin = { name: 'unlucky', apply: ({ hooks }) => tap(hooks, error) }
  const { kernel } = testKernel({ plugins: [plugin], generators: { thumb: fakeGenerator() } })
  await expect(kernel.file('thumb', { source }).url()).rejects.toBe(error)
})

test('taps of all kinds run in order, whatever they resolve to', async () => {
  const ran: number[] = []
  const plugin: Plugin = {
    name: 'mixed',
    apply({ hooks: { existenceRequired } }) {
      existenceRequired.tap('mixed', () => ran.push(1))
      existenceRequired.tapPromise('mixed', async () => ran.push(2))
      existenceRequired.tapAsync('mixed', (_, callback) => {
        ran.push(3)
        setImmediate(callback)
      })
      existenceRequired.tapPromise('mixed', async () => ran.push(4))
    },
  }
  const { kernel } = testKernel({ plugins: [plugin], generators: { thumb: fakeGenerator() } })
  await kernel.file('thumb', { source }).url()
  expect(ran).toEqual([1, 2, 3, 4])
})

test('a promise that tap() returned is waited for, and what it rejects with names the plugin', async () => {
  const rejected = new Error('bad luck')
  const plugin: Plugin = {
    name: 'unlucky',
    apply: ({ hooks }) => hooks.existenceRequired.tap('unlucky', async () => Promise.reject(rejected)),
  }
  const { kernel } = testKernel({ plugins: [plugin], generators: { thumb: fakeGenerator() } })
  const named = { code: 'PLUGIN_FAILED', message: expect.stringContaining('unlucky'), cause: rejected }
  await expect(kernel.file('thumb', { source }).url()).rejects.toEqual(expect.objectContaining(named))
})
