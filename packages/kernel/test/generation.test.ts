import { expect, test } from 'vitest'
import type { Plugin } from '../src/index.ts'
import { codeOf, Gate, jit, pixels, Queue, World } from './support/world.ts'

test('generate tells whether the file was there, was made, or will be', async () => {
  const world = new World()
  const thumb = world.process().thumb()
  expect(await thumb.generate()).toBe('generated')
  expect(await thumb.generate()).toBe('exists')
  expect(await world.process().thumb().generate()).toBe('exists')
  expect(await thumb.generate({ force: true })).toBe('generated')
  expect(world.generations).toBe(2)
  const scheduling = world.process({ plugins: [new Queue()] })
  expect(await scheduling.adHoc().generate()).toBe('scheduled')
})

test('ten readers schedule one job, in this process and in others', async () => {
  const world = new World()
  const queue = new Queue()
  const files = [world.process({ plugins: [queue] }), world.process({ plugins: [queue] })].map((process) =>
    process.thumb(),
  )
  const asked = Array.from({ length: 10 }, (_, index) => files[index % 2]?.generate())
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['scheduled']))
  expect(queue.jobs).toHaveLength(1)
})

test.each(['generating', 'before'] as const)(
  'nobody waits for a job, not even for one that has begun (%s)',
  async (moment) => {
    const world = new World()
    const queue = new Queue()
    const process = world.process({ plugins: [queue] })
    await process.thumb().generate()
    const gate = new Gate()
    const pause = gate.once()
    // While the image is made, and while it is written.
    if (moment === 'generating') world.generating = pause
    else world.before = (call) => (call === 'write' ? pause() : undefined)
    const done = queue.work()
    await gate.reached
    expect(await process.thumb().generate()).toBe('scheduled')
    expect(await world.process().thumb().generate()).toBe('scheduled')
    gate.open()
    await done
    expect(await process.thumb().generate()).toBe('exists')
  },
)

test('a job that begins before it is known to be scheduled is not waited for', async () => {
  const world = new World()
  const gate = new Gate()
  world.generating = gate.once()
  const eager: Plugin = {
    name: 'eager',
    apply: ({ hooks, kernel }) => {
      hooks.generate.tapPromise('eager', async (file, order) => {
        void kernel.produce(file, order)
        await gate.reached
        return 'scheduled'
      })
    },
  }
  const process = world.process({ plugins: [eager] })
  expect(await process.thumb().generate()).toBe('scheduled')
  expect(await process.thumb().generate()).toBe('scheduled')
  gate.open()
  await process.kernel.idle()
  expect(await process.thumb().generate()).toBe('exists')
})

test('whoever finds a file in work waits for it', async () => {
  const world = new World()
  const [owner, other] = [world.process(), world.process()]
  const gate = new Gate()
  world.generating = gate.once()
  const made = owner.thumb().generate()
  await gate.reached
  const waited = other.thumb().generate()
  gate.open()
  expect(await Promise.all([made, waited])).toEqual(['generated', 'generated'])
  expect(world.generations).toBe(1)
})

test('whoever waits for a file that fails elsewhere gets the reason', async () => {
  const world = new World()
  world.sources.set('kim.jpg', 'broken')
  const files = [world.process(), world.process()].map((process) => process.thumb())
  const codes = await Promise.all(files.map((file) => codeOf(file.generate())))
  expect(codes).toEqual(['BROKEN', 'BROKEN'])
  expect(world.generations).toBe(1)
})

test('waiting ends', async () => {
  const world = new World()
  const [owner, other] = [world.process(), world.process({ state: { wait: 30 } })]
  const gate = new Gate()
  world.generating = gate.once()
  const made = owner.thumb().generate()
  await gate.reached
  expect(await codeOf(other.thumb().generate())).toBe('GENERATION_TIMEOUT')
  gate.open()
  await made
})

test('a signal ends the waiting of its caller, not the work', async () => {
  const world = new World()
  const thumb = world.process().thumb()
  const gate = new Gate()
  world.generating = gate.once()
  const caller = new AbortController()
  const waiting = thumb.generate({ signal: caller.signal })
  await gate.reached
  caller.abort(new Error('It takes too long.'))
  await expect(waiting).rejects.toThrow('It takes too long.')
  await expect(thumb.generate({ signal: caller.signal })).rejects.toThrow('It takes too long.')
  gate.open()
  expect(await pixels(thumb)).toBe('thumb of kim 1')
  expect(world.generations).toBe(1)
})

test('a signal ends the waiting for a mark, too', async () => {
  const world = new World()
  const thumb = world.process().thumb()
  const gate = new Gate()
  world.cache.before = gate.once()
  const caller = new AbortController()
  const waiting = thumb.generate({ force: true, signal: caller.signal })
  caller.abort(new Error('It takes too long.'))
  await expect(waiting).rejects.toThrow('It takes too long.')
  gate.open()
})

test('what is in hand when a kernel is told to close is brought to its end', async () => {
  const world = new World()
  const process = world.process()
  await process.thumb().generate()
  world.sources.set('kim.jpg', 'kim 2')
  const saved = process.kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  const chained = process.kernel.file('icon', { source: process.adHoc() }).bytes()
  await process.kernel.close()
  expect(await saved).toMatchObject([{ outcome: 'generated' }])
  expect((await chained).byteLength).toBeGreaterThan(0)
})

test('a backend is told whether a reader waits', async () => {
  const told: unknown[] = []
  const telling: Plugin = {
    name: 'telling',
    apply: ({ hooks, kernel }) => {
      hooks.contentRequired.tapPromise('telling', (file) => file.generate())
      hooks.generate.tapPromise('telling', async (file, order) => {
        told.push(order.isAwaited)
        await kernel.produce(file, order)
        return 'generated'
      })
    },
  }
  const process = new World().process({ plugins: [telling] })
  await process.thumb().bytes()
  await process.adHoc().generate()
  expect(told).toEqual([true, false])
})

test('a file is not generated by a closed kernel', async () => {
  const process = new World().process()
  await process.kernel.close()
  expect(await codeOf(process.thumb().generate())).toBe('KERNEL_CLOSED')
})

test('a file without a backend says so, and stays free for others', async () => {
  const world = new World()
  expect(await codeOf(world.process({ plugins: [] }).thumb().generate())).toBe('MISSING_ROLE')
  expect(await world.process().thumb().generate()).toBe('generated')
})

test('a backend that claims to have made a file that it has not made is found out', async () => {
  const idle: Plugin = {
    name: 'idle',
    apply: ({ hooks }) => hooks.generate.tapPromise('idle', async () => 'generated'),
  }
  expect(
    await codeOf(
      new World()
        .process({ plugins: [idle] })
        .thumb()
        .generate(),
    ),
  ).toBe('BACKEND_IDLE')
})

test('a backend that fails leaves the file free, and is reported once', async () => {
  const world = new World()
  const failing: Plugin = {
    name: 'failing',
    apply: ({ hooks }) => {
      hooks.contentRequired.tapPromise('failing', (file) => file.generate())
      hooks.generate.tapPromise('failing', async () => {
        throw new Error('The queue is down.')
      })
    },
  }
  const process = world.process({ plugins: [failing] })
  const told: unknown[] = []
  process.kernel.events.on('failed', ({ error }) => told.push(error.code))
  expect(await codeOf(process.thumb().bytes())).toBe('PLUGIN_FAILED')
  expect(told).toEqual(['PLUGIN_FAILED'])
  expect(
    await world
      .process({ plugins: [jit()] })
      .thumb()
      .generate(),
  ).toBe('generated')
})
