import { expect, onTestFinished, test, vi } from 'vitest'
import type { Plugin } from '../src/index.ts'
import { codeOf, faults, pixels, Queue, text, World } from './support/world.ts'

/** Asks for a file whenever it is read. */
const asking: Plugin = {
  name: 'asking',
  apply: ({ hooks }) => {
    hooks.contentRequired.tapPromise('asking', (file) => file.generate())
    hooks.existenceRequired.tapPromise('asking', (file) => file.generate())
  },
}

function deferred(world = new World()) {
  const queue = new Queue()
  const process = world.process({ plugins: [asking, queue] })
  const failed: unknown[] = []
  process.kernel.events.on('failed', ({ error }) => failed.push(error.code))
  const thumb = process.thumb()
  return { world, queue, process, thumb, failed, chain: process.kernel.file('icon', { source: thumb }) }
}

/** Does the jobs of a queue whenever there are any. */
function working(queue: Queue, isOver: () => boolean) {
  const timer = setInterval(() => {
    if (!isOver()) void queue.work()
  }, 1)
  onTestFinished(() => clearInterval(timer))
}

/** Resolves when there is a job. */
const scheduled = (queue: Queue) => vi.waitFor(() => expect(queue.jobs).toHaveLength(1), { timeout: 60_000 })

const patient = { waitFor: 60_000 }

test('a reader who waits has a file scheduled again whose claim has ended', async () => {
  const { world, queue, thumb } = deferred()
  const reading = thumb.bytes(patient)
  await scheduled(queue)
  queue.jobs.length = 0
  world.time += 31_000
  await scheduled(queue)
  await queue.work()
  expect(text(await reading)).toBe('thumb of kim 1')
})

test('a reader who waits is not told off for an attempt that failed', async () => {
  const { world, queue, thumb } = deferred()
  let attempts = 0
  world.generating = () => {
    attempts += 1
    if (attempts === 1) throw faults.NO_MEMORY({})
  }
  const reading = thumb.bytes(patient)
  await scheduled(queue)
  await expect(queue.work()).rejects.toMatchObject({ code: 'NO_MEMORY' })
  await scheduled(queue)
  await queue.work()
  expect(text(await reading)).toBe('thumb of kim 1')
})

test('a reader who waits sees an attempt through that nobody asks for again by a strategy', async () => {
  const { world, queue, process } = deferred()
  const passive = world.process({ plugins: [new Queue()] }).thumb()
  let attempts = 0
  world.generating = () => {
    attempts += 1
    if (attempts === 1) throw faults.NO_MEMORY({})
  }
  await process.thumb().generate()
  const reading = passive.bytes(patient)
  await expect(queue.work()).rejects.toMatchObject({ code: 'NO_MEMORY' })
  expect(await passive.state()).toEqual({ state: 'absent' })
  await process.thumb().generate()
  await queue.work()
  expect(text(await reading)).toBe('thumb of kim 1')
})

test('a reader of a file that nobody has promised does not wait', async () => {
  const passive = new World().process({ plugins: [new Queue()] }).thumb()
  expect(await codeOf(passive.bytes(patient))).toBe('NOT_GENERATED')
})

test('a reader who waits for a derivative of a derivative waits for both', async () => {
  const { queue, chain } = deferred()
  working(queue, () => false)
  expect(text(await chain.bytes(patient))).toBe('icon of thumb of kim 1')
})

test('a reader who does not wait is told that what the file is made from is on its way', async () => {
  const { chain } = deferred()
  expect(await codeOf(chain.bytes())).toBe('PENDING')
})

test('templates neither wait for a derivative of a derivative nor call it a failure', async () => {
  const { chain, failed } = deferred()
  expect([await chain.exists(), await chain.describe()]).toEqual([false, null])
  expect(failed).toEqual([])
})

test.each([-1, Number.NaN, '5000', {}, null])('refuses to wait for %o', async (waitFor) => {
  const { thumb } = deferred()
  expect(await codeOf(thumb.bytes({ waitFor: waitFor as number }))).toBe('INVALID_WAIT')
})

test('a backend learns that somebody waits, however long', async () => {
  const told: string[] = []
  const queue = new Queue()
  const backend: Plugin = {
    name: 'told',
    apply: (scope) => {
      scope.hooks.pending.tap('told', (file) => {
        told.push(String(file.name))
        return 0
      })
      queue.apply(scope)
    },
  }
  const thumb = new World().process({ plugins: [asking, backend] }).thumb()
  const reading = thumb.bytes(patient)
  await scheduled(queue)
  await vi.waitFor(() => expect(told).toEqual([thumb.name]))
  await queue.work()
  await reading
})

test('work that is aborted when a kernel closes gives back its claim', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const world = new World()
  const process = world.process()
  world.generating = (_, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(faults.NO_MEMORY({}))))
  const made = codeOf(process.thumb().generate())
  const closed = process.kernel.close()
  await vi.advanceTimersByTimeAsync(10_000)
  await closed
  expect(await made).toBe('NO_MEMORY')
  expect(await world.process({ plugins: [] }).thumb().state()).toEqual({ state: 'absent' })
})

test('a claim that is given back is free at once', async () => {
  const { world, process, thumb } = deferred()
  await thumb.generate()
  const { token } = (await process.thumb().record.look()).work ?? { token: '' }
  await process.kernel.abandon(thumb, { token })
  expect(await thumb.state()).toEqual({ state: 'absent' })
  expect(await pixels(world.process().thumb())).toBe('thumb of kim 1')
})

test('a claim that is another’s by now is not given back', async () => {
  const { process, thumb } = deferred()
  await thumb.generate()
  await process.kernel.abandon(thumb, { token: 'of old' })
  expect(await thumb.state()).toMatchObject({ state: 'generating' })
})

test('a file that is given up fails for a while, and leaves nothing old', async () => {
  const { world, process, thumb, queue, failed } = deferred()
  await thumb.generate()
  await queue.work()
  await process.kernel.generation.invalidate(thumb.record)
  await thumb.generate()
  const { token } = (await process.thumb().record.look()).work ?? { token: '' }
  await process.kernel.abandon(thumb, { token }, faults.BROKEN({}))
  expect(await thumb.state()).toMatchObject({ state: 'failed', failure: { code: 'BROKEN' } })
  expect(await world.pixelsOf(thumb)).toBeUndefined()
  expect(failed).toEqual(['BROKEN'])
})

test('what was made from a file that is given up is dropped with it', async () => {
  const { world, process, thumb, queue, chain } = deferred()
  await thumb.generate()
  await queue.work()
  await chain.generate()
  await queue.work()
  await process.kernel.generation.invalidate(thumb.record)
  await thumb.generate()
  const { token } = (await process.thumb().record.look()).work ?? { token: '' }
  await process.kernel.abandon(thumb, { token }, faults.BROKEN({}))
  expect(await world.pixelsOf(chain)).toBeUndefined()
})

test('a fault of the machine makes no file fail for good, when its claim is given back', async () => {
  const { process, thumb } = deferred()
  await thumb.generate()
  const { token } = (await process.thumb().record.look()).work ?? { token: '' }
  await process.kernel.abandon(thumb, { token }, faults.NO_MEMORY({}))
  expect(await thumb.state()).toEqual({ state: 'absent' })
})

test('one signal serves any number of callers', async () => {
  const warnings: Error[] = []
  const warn = (warning: Error) => void warnings.push(warning)
  process.on('warning', warn)
  onTestFinished(() => void process.off('warning', warn))
  const { kernel } = new World().process()
  const { signal } = new AbortController()
  const files = Array.from({ length: 20 }, (_, size) => kernel.file('thumb', { source: 'kim.jpg', params: { size } }))
  await Promise.all(files.map((file) => file.generate({ signal })))
  await new Promise((resolve) => setImmediate(resolve))
  expect(warnings).toEqual([])
})

test('backends are told when the kernel begins to close', async () => {
  const { kernel } = new World().process()
  expect(kernel.closing.aborted).toBe(false)
  const closed = kernel.close()
  expect(kernel.closing.aborted).toBe(true)
  await closed
})
