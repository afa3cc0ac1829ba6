import { isDeepStrictEqual } from 'node:util'
import { LatentImageError } from '@latent-image/kernel'
import {
  type AsyncBackendOptions,
  asyncBackend,
  type CreateQueue,
  type Order,
  type Work,
} from '@latent-image/plugin-backend-async'
import { fakeCache, fakeGenerator, manualClock, type TestKernelOptions, testKernel } from '@latent-image/testkit'
import { assert, expect, onTestFinished, test, vi } from 'vitest'

function stage(options: AsyncBackendOptions = {}, fakesToUse: TestKernelOptions = {}) {
  const generator = fakeGenerator()
  const { kernel, ...fakes } = testKernel(
    { plugins: [asyncBackend({ pause: 1, ...options })], generators: { generator } },
    fakesToUse,
  )
  onTestFinished(async () => {
    generator.gate.open()
    await kernel.close()
  })
  const file = (name: string) => kernel.file('generator', { source: { name, open: async () => new Uint8Array([1]) } })
  return { ...fakes, kernel, generator, file }
}

const failure = (fault: 'source' | 'machine') => new LatentImageError('FAKE', 'It fails as it was told to.', { fault })

test('answers before the file is made', async () => {
  const { generator, kernel, file } = stage()
  generator.gate.close()
  expect(await file('a').generate()).toBe('scheduled')
  expect(await file('a').exists()).toBe(false)
  generator.gate.open()
  await kernel.idle()
  expect(await file('a').exists()).toBe(true)
})

test('schedules one job for any number of readers', async () => {
  const { generator, kernel, file } = stage()
  generator.gate.close()
  const outcomes = await Promise.all(Array.from({ length: 200 }, () => file('a').generate()))
  expect(new Set(outcomes)).toEqual(new Set(['scheduled']))
  generator.gate.open()
  await kernel.idle()
  expect(generator.calls.generate).toBe(1)
})

test('makes a limited number of files at a time', async () => {
  const { generator, kernel, file } = stage({ concurrency: 2 })
  generator.gate.close()
  for (const name of ['a', 'b', 'c', 'd']) await file(name).generate()
  await generator.gate.reached(2)
  expect(generator.calls.generate).toBe(2)
  generator.gate.open()
  await kernel.idle()
  expect(generator.calls.generate).toBe(4)
})

test('makes files of a higher priority first', async () => {
  const priority: AsyncBackendOptions['priority'] = ({ source }) => Number(source?.name === 'urgent')
  const { generator, kernel, file } = stage({ concurrency: 1, priority })
  const made: (string | undefined)[] = []
  kernel.events.on('generated', (event) => made.push(event.file.source?.name))
  generator.gate.close()
  for (const name of ['first', 'second', 'urgent']) await file(name).generate()
  generator.gate.open()
  await kernel.idle()
  expect(made).toEqual(['first', 'urgent', 'second'])
})

test.each([
  ['no number', () => Number.NaN],
  ['a text', () => 'high' as never],
  ['an infinite number', () => Number.POSITIVE_INFINITY],
  ['nothing, since it fails', () => JSON.parse('{')],
])('rejects a file whose priority is %s', async (_, priority) => {
  const { file, kernel } = stage({ priority })
  await expect(file('a').generate()).rejects.toMatchObject({ code: 'INVALID_PRIORITY', fault: 'caller' })
  expect(await file('a').exists()).toBe(false)
  await kernel.idle()
})

test('rejects a file when the queue is full, and makes all that it accepted', async () => {
  const { generator, kernel, file } = stage({ concurrency: 1, limit: 2 })
  generator.gate.close()
  for (const name of ['under way', 'a', 'b']) await file(name).generate()
  await expect(file('c').generate()).rejects.toMatchObject({ code: 'QUEUE_FULL', fault: 'machine' })
  expect(await file('c').exists()).toBe(false)
  generator.gate.open()
  await kernel.idle()
  expect(generator.calls.generate).toBe(3)
  expect(await file('c').generate()).toBe('scheduled')
})

test('tries again where it is the fault of the machine', async () => {
  const { generator, kernel, file } = stage({ attempts: 3 })
  generator.failure = failure('machine')
  kernel.events.on('generating', () => {
    if (generator.calls.generate === 2) generator.failure = undefined
  })
  await file('a').generate()
  await kernel.idle()
  expect(generator.calls.generate).toBe(3)
  expect(await file('a').state()).toMatchObject({ state: 'exists' })
})

test('gives up after so many attempts, until it is asked again', async () => {
  const { generator, kernel, file } = stage({ attempts: 3 })
  generator.failure = failure('machine')
  await file('a').generate()
  await kernel.idle()
  expect(generator.calls.generate).toBe(3)
  generator.failure = undefined
  await file('a').generate()
  await kernel.idle()
  expect(await file('a').state()).toMatchObject({ state: 'exists' })
})

/** Makes the first attempt at the file of one source fail. */
function failOnce({ generator, kernel }: ReturnType<typeof stage>, name: string) {
  let hasFailed = false
  kernel.events.on('generating', ({ file }) => {
    generator.failure = !hasFailed && file.source?.name === name ? failure('machine') : undefined
  })
  kernel.events.on('failed', () => {
    hasFailed = true
  })
}

test('tries a file again that it accepted, also where the queue is full', async () => {
  const staged = stage({ concurrency: 1, limit: 2 })
  const { generator, kernel, file } = staged
  failOnce(staged, 'a')
  generator.gate.close()
  for (const name of ['a', 'b', 'c']) await file(name).generate()
  generator.gate.open()
  await kernel.idle()
  for (const name of ['a', 'b', 'c']) expect(await file(name).state()).toMatchObject({ state: 'exists' })
})

test('tries a file with its priority again', async () => {
  const staged = stage({ concurrency: 1, pause: 0 })
  const { generator, kernel, file } = staged
  const made: (string | undefined)[] = []
  kernel.events.on('generated', (event) => made.push(event.file.source?.name))
  failOnce(staged, 'awaited')
  generator.gate.close()
  expect(await file('awaited').exists()).toBe(false)
  for (const name of ['a', 'b']) await file(name).generate()
  generator.gate.open()
  await kernel.idle()
  expect(made).toEqual(['awaited', 'a', 'b'])
})

test('tries a file again that is made of another one, which has to be made again first', async () => {
  const { generator, kernel, storage } = stage({ concurrency: 1 })
  const first = kernel.file('generator', { source: { name: 'a', open: async () => new Uint8Array([1]) } })
  const second = kernel.file('generator', { source: first })
  await first.generate()
  await kernel.idle()
  generator.gate.close()
  await first.beside('generator', { width: 1 }).generate()
  await second.generate()
  await storage.inner.delete(String(first))
  generator.gate.open()
  await kernel.idle()
  expect(await second.state()).toMatchObject({ state: 'exists' })
})

test('does not try a bad source again', async () => {
  const { generator, kernel, file } = stage()
  generator.failure = failure('source')
  await file('a').generate()
  await kernel.idle()
  expect(generator.calls.generate).toBe(1)
  expect(await file('a').state()).toMatchObject({ state: 'failed' })
})

test('lets readers in during a pause schedule nothing else', async () => {
  const { generator, file } = stage({ pause: 1_000 })
  generator.failure = failure('machine')
  await file('a').generate()
  await vi.waitFor(async () => expect(await file('a').state()).toMatchObject({ state: 'generating', scheduled: true }))
  await vi.waitFor(() => expect(generator.calls.generate).toBe(1))
  expect(await file('a').generate()).toBe('scheduled')
  expect(generator.calls.generate).toBe(1)
})

test('makes a file once that was asked for again after its claim had run out', async () => {
  const clock = manualClock()
  const { generator, kernel, file } = stage({ concurrency: 1 }, { now: clock.now })
  generator.gate.close()
  await file('first').generate()
  await file('waiting').generate()
  clock.advance(31_000)
  expect(await file('waiting').generate()).toBe('scheduled')
  generator.gate.open()
  await kernel.idle()
  expect(generator.calls.generate).toBe(2)
  expect(await file('waiting').state()).toMatchObject({ state: 'exists' })
})

test('makes a file anew whose source changed while it was made', async () => {
  const { generator, kernel, originals } = stage()
  const info = { type: 'image/png' }
  const file = kernel.file('generator', { source: 'a.png' })
  await originals.write('a.png', new Uint8Array([1]), info)
  generator.gate.close()
  await file.generate()
  await generator.gate.reached()
  await originals.write('a.png', new Uint8Array([2]), info)
  await kernel.sourceSaved('a.png', { for: '**' })
  generator.gate.open()
  await kernel.idle()
  await file.generate()
  await kernel.idle()
  expect(await file.bytes()).toEqual(generator.imageOf(new Uint8Array([2])))
})

test('finishes what is under way when the kernel closes', async () => {
  const { generator, kernel, file, storage } = stage({ concurrency: 1 })
  generator.gate.close()
  for (const name of ['a', 'b', 'c']) await file(name).generate()
  const closing = kernel.close()
  generator.gate.open()
  await closing
  expect(storage.calls.write).toBe(3)
})

test('gives back what still waits when a kernel has been closing for long, so that others can make it', async () => {
  const cache = fakeCache()
  const { generator, kernel, file } = stage({ concurrency: 1 }, { cache })
  const other = stage({}, { cache })
  generator.gate.close()
  for (const name of ['under way', 'waiting']) await file(name).generate()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const closing = kernel.close()
  expect(await other.file('waiting').state()).toMatchObject({ state: 'generating' })
  await vi.advanceTimersByTimeAsync(9_500)
  expect(await other.file('waiting').state()).toMatchObject({ state: 'absent' })
  expect(await other.file('under way').state()).toMatchObject({ state: 'generating' })
  await vi.advanceTimersByTimeAsync(500)
  await closing
  expect(generator.calls.generate).toBe(1)
})

/** A queue that only collects its jobs, as one that others work on does. */
function remoteQueue() {
  const orders: Order[] = []
  const remote: { work: Work } = { work: async () => {} }
  const queue: CreateQueue = (work) => {
    remote.work = work
    return { add: async ({ order }) => void orders.push(JSON.parse(JSON.stringify(order))), close: async () => {} }
  }
  return { queue, orders, work: (order: Order) => remote.work(order) }
}

test('leaves its work to another queue, as plain JSON', async () => {
  const { queue, orders, work } = remoteQueue()
  const { kernel, originals } = stage({ queue })
  await originals.write('a.png', new Uint8Array([1]), { type: 'image/png' })
  const file = kernel.file('generator', { source: 'a.png' })
  expect(await file.generate()).toBe('scheduled')
  expect(isDeepStrictEqual(orders[0]?.file, file.reference)).toBe(true)
  for (const order of orders) await work(order)
  expect(await file.exists()).toBe(true)
})

test('refuses an order that another configuration has written', async () => {
  const { queue, orders, work } = remoteQueue()
  const { kernel, originals } = stage({ queue })
  await originals.write('a.png', new Uint8Array([1]), { type: 'image/png' })
  await kernel.file('generator', { source: 'a.png' }).generate()
  const refused = orders.map((order) => work({ ...order, file: { ...order.file, name: 'CACHE/other.png' } }))
  await expect(Promise.all(refused)).rejects.toMatchObject({ code: 'FILE_CHANGED' })
})

test('leaves an order with a queue that is away when the next attempt is to be queued', async () => {
  const { queue, orders, work } = remoteQueue()
  let isAway = false
  const { generator, kernel, originals } = stage({
    queue: (work) => {
      const inner = queue(work)
      const away = async () => Promise.reject(new Error('connection refused'))
      return { ...inner, add: (job) => (isAway ? away() : inner.add(job)) }
    },
  })
  await originals.write('a.png', new Uint8Array([1]), { type: 'image/png' })
  const file = kernel.file('generator', { source: 'a.png' })
  await file.generate()
  const [order] = orders
  assert(order)
  generator.failure = failure('machine')
  isAway = true
  await expect(work(order)).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE', fault: 'machine' })
  expect(await file.generate()).toBe('scheduled')
  generator.failure = undefined
  await work(order)
  expect(await file.exists()).toBe(true)
})

test('reports a queue that does not accept a job', async () => {
  const add = async () => {
    throw new Error('connection refused')
  }
  const { file, kernel } = stage({ queue: () => ({ add, close: async () => {} }) })
  const failed = vi.fn()
  kernel.events.on('failed', failed)
  await expect(file('a').generate()).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE', fault: 'machine' })
  expect(await file('b').exists()).toBe(false)
  expect(failed).toHaveBeenCalledTimes(2)
})

test.each([
  ['an unknown option', { workers: 2 }, 'workers'],
  ['a `concurrency` of none', { concurrency: 0 }, 'concurrency'],
  ['a fractional `limit`', { limit: 1.5 }, 'limit'],
  ['`attempts` of none', { attempts: 0 }, 'attempts'],
  ['a negative `pause`', { pause: -1 }, 'pause'],
  ['a `priority` that is no function', { priority: 1 }, 'priority'],
  ['a `queue` that is no function', { queue: {} }, 'queue'],
  ['a `concurrency` beside a `queue`', { queue: remoteQueue().queue, concurrency: 2 }, 'concurrency'],
])('rejects %s', (_, options, mentioned) => {
  const make = () => asyncBackend(options as object)
  expect(make).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining(mentioned) }),
  )
})
