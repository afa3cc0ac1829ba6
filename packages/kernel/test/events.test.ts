import type { EventPayloads, KernelEvents } from '@latent-image/kernel'
import { fakeGenerator, fakeSourceGroup, testKernel } from '@latent-image/testkit'
import { expect, expectTypeOf, test, vi } from 'vitest'
import { createEvents } from '../src/events.ts'

const source = { name: 'kim.jpg', open: async () => new Uint8Array([1]) }
const closed = { kernel: testKernel().kernel }

/** All that is told, by name. */
function record(events: KernelEvents): [string, object][] {
  const told: [string, object][] = []
  const names = ['generating', 'generated', 'failed', 'scheduled', 'sourceSaved', 'sourceDeleted', 'deleted'] as const
  for (const name of names) events.on(name, (payload) => told.push([name, payload]))
  return told
}

test('tells of a generation, with its duration and facts', async () => {
  const { kernel } = testKernel({ generators: { thumb: fakeGenerator() } })
  const told = record(kernel.events)
  const file = kernel.file('thumb', { source })
  await file.generate()
  const facts = { width: 20, height: 10, type: 'image/webp', size: expect.any(Number) }
  expect(told).toEqual([
    ['generating', { file }],
    ['generated', { file, milliseconds: expect.any(Number), facts }],
  ])
})

test('tells of a failure once, however many ask', async () => {
  const thumb = fakeGenerator()
  thumb.failure = new Error('bad luck')
  const { kernel } = testKernel({ generators: { thumb } })
  const told = record(kernel.events)
  const file = kernel.file('thumb', { source })
  const asked = [file.bytes(), file.exists(), file.describe()]
  const [result] = await Promise.allSettled(asked)
  expect(told.filter(([name]) => name === 'failed')).toEqual([
    ['failed', { file, error: result?.status === 'rejected' && result.reason }],
  ])
})

test('tells that work was scheduled', async () => {
  const { kernel } = testKernel({
    plugins: [{ name: 'queue', apply: ({ hooks }) => hooks.generate.tapPromise('queue', async () => 'scheduled') }],
    generators: { thumb: fakeGenerator() },
  })
  const told = record(kernel.events)
  const file = kernel.file('thumb', { source })
  await file.generate()
  expect(told).toEqual([['scheduled', { file }]])
})

test('tells of sources that were saved and deleted, and of files that were removed', async () => {
  const { kernel } = testKernel({ generators: { thumb: fakeGenerator() } })
  kernel.addSourceGroup(fakeSourceGroup({ sources: { 'kim.jpg': new Uint8Array([1]) } }))
  const file = kernel.file('thumb', { source })
  await file.generate()
  const told = record(kernel.events)
  await kernel.sourceSaved(source)
  await kernel.sourceDeleted(source)
  const reference = { source: { name: 'kim.jpg' } }
  expect(told).toContainEqual(['sourceSaved', reference])
  expect(told).toContainEqual(['sourceDeleted', reference])
  expect(told).toContainEqual(['deleted', { name: file.name }])
})

test('tells that the kernel has closed', async () => {
  const { kernel } = testKernel()
  const listener = vi.fn()
  kernel.events.on('closed', listener)
  await Promise.all([kernel.close(), kernel.close()])
  expect(listener.mock.calls).toEqual([[{ kernel }]])
})

test.each([
  [
    'throws',
    () => {
      throw new Error('bad')
    },
  ],
  [
    'rejects',
    async () => {
      throw new Error('bad')
    },
  ],
])('a listener that %s is reported as a warning, and the others still run', async (_, listener) => {
  const events = createEvents()
  const [warned, other] = [vi.fn(), vi.fn()]
  events.on('warning', warned)
  events.on('closed', listener)
  events.on('closed', other)
  expect(() => events.emit('closed', closed)).not.toThrow()
  expect(other).toHaveBeenCalledOnce()
  await vi.waitFor(() => expect(warned).toHaveBeenCalledOnce())
  expect(warned).toHaveBeenCalledWith({ message: expect.stringContaining('closed'), error: new Error('bad') })
})

test('a listener neither changes nor breaks a generation', async () => {
  const thumb = fakeGenerator()
  const { kernel } = testKernel({ generators: { thumb } })
  for (const name of ['generating', 'generated'] as const) {
    kernel.events.on(name, () => {
      throw new Error('bad')
    })
  }
  expect(await kernel.file('thumb', { source }).bytes()).toEqual(thumb.imageOf(new Uint8Array([1])))
})

test('a listener of warnings that fails is reported by the process, and not for ever', async () => {
  const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const events = createEvents()
  events.on('warning', () => {
    throw new Error('worse')
  })
  events.emit('warning', { message: 'bad' })
  expect(emitWarning.mock.calls).toEqual([[new Error('worse')]])
  emitWarning.mockRestore()
})

test('a listener of warnings may throw anything', () => {
  const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const events = createEvents()
  events.on('warning', () => {
    throw Object.create(null)
  })
  events.emit('warning', { message: 'bad' })
  expect(emitWarning).toHaveBeenCalledOnce()
  emitWarning.mockRestore()
})

test('once() listens once', () => {
  const events = createEvents()
  const listener = vi.fn()
  events.once('closed', listener)
  for (let times = 0; times < 2; times++) events.emit('closed', closed)
  expect(listener).toHaveBeenCalledOnce()
})

test.each([
  ['on', 'off'],
  ['once', 'off'],
  ['addListener', 'removeListener'],
] as const)('what %s() added, %s() removes', (add, remove) => {
  const events = createEvents()
  const [listener, kept] = [vi.fn(), vi.fn()]
  events.on('closed', kept)
  events[add]('closed', listener)
  events[remove]('closed', listener)
  events.emit('closed', closed)
  expect([listener.mock.calls.length, kept.mock.calls.length]).toEqual([0, 1])
})

test('one listener of two events is removed from one of them', () => {
  const events = createEvents()
  const listener = vi.fn()
  events.on('closed', listener)
  events.on('deleted', listener)
  events.off('closed', listener)
  events.emit('closed', closed)
  events.emit('deleted', { name: 'a' })
  expect(listener.mock.calls).toEqual([[{ name: 'a' }]])
})

test('off() without a listener removes them all', () => {
  const events = createEvents()
  const listener = vi.fn()
  events.on('closed', listener)
  events.off('closed')
  events.emit('closed', closed)
  expect(listener).not.toHaveBeenCalled()
})

test('payloads are typed', () => {
  const events = createEvents()
  events.on('generated', (payload) => expectTypeOf(payload).toEqualTypeOf<EventPayloads['generated']>())
  // @ts-expect-error there is no such event
  events.on('guessed', () => undefined)
})

declare module '@latent-image/kernel' {
  interface EventPayloads {
    queueDrained: { readonly jobs: number }
  }
}

test('a plugin adds events of its own by declaration merging', () => {
  const events = createEvents()
  const listener = vi.fn()
  events.on('queueDrained', ({ jobs }) => listener(jobs))
  events.emit('queueDrained', { jobs: 7 })
  // @ts-expect-error the payload is typed
  events.emit('queueDrained', { jobs: 'seven' })
  expect(listener.mock.calls).toEqual([[7], ['seven']])
})
