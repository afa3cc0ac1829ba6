import { expect, test, vi } from 'vitest'
import { codeOf, Gate, type Process, pixels, Queue, World } from './support/world.ts'

// Each of these fails on a kernel without the guard that its comment names; that was tried by taking the guard out.

// Guard: `invalidate` forgets the flight of this process.
test('force does not join a flight that has seen the end of its work', async () => {
  const world = new World()
  const { thumb } = parts(world, { state: { memory: 0 } })
  const gate = new Gate()
  const pause = gate.once()
  let looks = 0
  // Once to see that the backend did its work, and once more to see the end.
  world.cache.after = (read) => (read?.facts && ++looks === 2 ? pause() : undefined)
  const first = thumb.generate()
  await gate.reached
  const forced = thumb.generate({ force: true })
  await turns()
  gate.open()
  await Promise.all([first, forced])
  expect(world.generations).toBe(2)
})

// Guard: `invalidate` takes the work away.
test('force during a flight makes the file anew', async () => {
  const world = new World()
  const { kernel, thumb } = parts(world)
  const gate = new Gate()
  world.generating = gate.once()
  const first = pixels(thumb)
  await gate.reached
  world.sources.set('kim.jpg', 'kim 2')
  const forced = thumb.generate({ force: true })
  gate.open()
  expect(await forced).toBe('generated')
  await first
  expect(await pixels(thumb)).toBe('thumb of kim 2')
  expect(await world.pixelsOf(thumb)).toBe('thumb of kim 2')
  await kernel.close()
})

// Guard: `invalidate` takes the work away, and `replace` asks for the claim before it writes.
test('a tied source saved during a generation leaves no old pixels', async () => {
  const world = new World()
  const { kernel, thumb } = parts(world)
  const gate = new Gate()
  world.generating = gate.once()
  const first = pixels(thumb)
  await gate.reached
  world.sources.set('kim.jpg', 'kim 2')
  const saved = kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  gate.open()
  await saved
  expect(await pixels(thumb)).toBe('thumb of kim 2')
  expect(await first).toBe('thumb of kim 2')
})

// Guard: the announced change is compared before the write.
test('an untied source saved during a generation leaves no old pixels', async () => {
  const world = new World()
  const { kernel, thumb } = parts(world)
  const gate = new Gate()
  world.generating = gate.once()
  const first = pixels(thumb)
  await gate.reached
  world.sources.set('kim.jpg', 'kim 2')
  await kernel.sourceSaved('kim.jpg')
  world.calls = []
  gate.open()
  expect(await first).toBe('thumb of kim 2')
  expect(await pixels(thumb)).toBe('thumb of kim 2')
  expect(world.calls.filter((call) => call === 'write')).toHaveLength(1)
})

// Guard: the announced change is compared before the write, across processes.
test('a source saved elsewhere while a file with other params is made leaves no old pixels', async () => {
  const world = new World()
  const here = world.process()
  const there = world.process()
  const gate = new Gate()
  world.generating = gate.once()
  const first = pixels(here.adHoc())
  await gate.reached
  world.sources.set('kim.jpg', 'kim 2')
  await there.kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  gate.open()
  expect(await first).toBe('thumb7 of kim 2')
  expect(await pixels(there.adHoc())).toBe('thumb7 of kim 2')
})

// Guard: the announced change is compared after the write, too.
test('a source saved elsewhere while a file with other params is written leaves no old pixels', async () => {
  const world = new World()
  const here = world.process()
  const there = world.process()
  const gate = new Gate()
  const pause = gate.once()
  world.before = (call) => (call === 'write' ? pause() : undefined)
  const first = pixels(here.adHoc())
  await gate.reached
  world.sources.set('kim.jpg', 'kim 2')
  await there.kernel.sourceSaved('kim.jpg')
  gate.open()
  expect(await first).toBe('thumb7 of kim 2')
  expect(await pixels(there.adHoc())).toBe('thumb7 of kim 2')
})

// Guard: what was written without a claim is made again, also where a drop has taken the claim for good.
test('a late write after a file was dropped elsewhere does not bring old pixels back', async () => {
  const world = new World()
  const here = world.process()
  const there = world.process()
  await pixels(here.adHoc())
  await here.adHoc().delete()
  await world.put(here.adHoc(), 'thumb7 of kim 0')
  const gate = new Gate()
  const pause = gate.once()
  world.before = (call) => (call === 'write' ? pause() : undefined)
  const first = here.adHoc().generate({ force: true })
  await gate.reached
  world.sources.set('kim.jpg', 'kim 2')
  await there.kernel.sourceSaved('kim.jpg')
  gate.open()
  await first.catch(() => undefined)
  world.time += 60_000
  expect(await pixels(there.adHoc())).toBe('thumb7 of kim 2')
  expect(await world.pixelsOf(there.adHoc())).toBe('thumb7 of kim 2')
})

// Guard: a claim makes its record stale until it is committed.
test('an owner that dies after a write that the source overtook leaves no old pixels', async () => {
  const world = new World()
  const owner = world.process()
  const other = world.process()
  const gate = new Gate()
  const pause = gate.once()
  world.before = (call) => (call === 'write' ? pause() : undefined)
  void pixels(owner.adHoc())
  await gate.reached
  world.sources.set('kim.jpg', 'kim 2')
  await other.kernel.sourceSaved('kim.jpg')
  world.after = () => owner.kill()
  gate.open()
  await turns()
  world.after = () => undefined
  expect(await world.pixelsOf(owner.adHoc())).toBe('thumb7 of kim 1')
  world.time += 31_000
  expect(await pixels(other.adHoc())).toBe('thumb7 of kim 2')
})

// Guard: `replace` asks for the claim before it writes.
test('an owner paused past its lease before its write does not write', async () => {
  const world = new World()
  const owner = world.process()
  const other = world.process()
  const gate = new Gate()
  world.generating = gate.once()
  const paused = pixels(owner.thumb())
  await gate.reached
  world.time += 31_000
  world.sources.set('kim.jpg', 'kim 2')
  expect(await pixels(other.thumb())).toBe('thumb of kim 2')
  world.calls = []
  gate.open()
  expect(await paused).toBe('thumb of kim 2')
  expect(world.calls).not.toContain('write')
})

// Guard: bytes written without a claim are made again.
test('an owner paused past its lease within its write repairs what it overwrote', async () => {
  const world = new World()
  const owner = world.process()
  const other = world.process()
  const gate = new Gate()
  const pause = gate.once()
  world.before = (call) => (call === 'write' ? pause() : undefined)
  const paused = pixels(owner.thumb())
  await gate.reached
  world.time += 31_000
  world.sources.set('kim.jpg', 'kim 2')
  expect(await pixels(other.thumb())).toBe('thumb of kim 2')
  gate.open()
  expect(await paused).toBe('thumb of kim 2')
  expect(await world.pixelsOf(owner.thumb())).toBe('thumb of kim 2')
})

// Guard: a storage answer is kept only if the version is unchanged.
test('a slow storage answer after a drop is not believed', async () => {
  const world = new World()
  const slow = world.process({ plugins: [] })
  const other = world.process()
  const gate = new Gate()
  await pixels(other.thumb())
  world.cache.records.clear()
  const pause = gate.once()
  world.after = (call) => (call === 'stat' ? pause() : undefined)
  const looking = slow.thumb().state()
  await gate.reached
  await other.thumb().delete()
  gate.open()
  expect(await looking).toEqual({ state: 'absent' })
  expect(await slow.thumb().state()).toEqual({ state: 'absent' })
})

// Guard: the announced change says that the source is gone.
test('a source deleted during a generation leaves nothing', async () => {
  const world = new World()
  const { kernel } = world.process()
  const own = kernel.file('thumb', { source: { name: 'upload.jpg', open: async () => new Uint8Array([65]) } })
  const gate = new Gate()
  world.generating = gate.once()
  const first = codeOf(own.bytes())
  await gate.reached
  await kernel.sourceDeleted('upload.jpg')
  gate.open()
  expect(await first).toBe('SOURCE_NOT_FOUND')
  expect(await world.pixelsOf(own)).toBeUndefined()
})

// Guard: a failure removes the bytes even where none were known before the work began.
test('a source deleted while its derivative is written leaves nothing', async () => {
  const world = new World()
  const { kernel, thumb } = parts(world)
  const gate = new Gate()
  const pause = gate.once()
  world.before = (call) => (call === 'write' ? pause() : undefined)
  const first = codeOf(thumb.bytes())
  await gate.reached
  world.sources.delete('kim.jpg')
  await kernel.sourceDeleted('kim.jpg')
  gate.open()
  expect(await first).toBe('SOURCE_NOT_FOUND')
  expect(await world.pixelsOf(thumb)).toBeUndefined()
  world.time += 600_000
  expect(await codeOf(thumb.bytes())).toBe('SOURCE_NOT_FOUND')
})

// Guard: a flight that ordered work and finds the file absent does not make it again.
test('a file deleted during its generation stays deleted', async () => {
  const world = new World()
  const { thumb } = parts(world)
  const gate = new Gate()
  world.generating = gate.once()
  const first = codeOf(thumb.generate())
  await gate.reached
  await thumb.delete()
  gate.open()
  expect(await first).toBe('FILE_DELETED')
  expect(await world.pixelsOf(thumb)).toBeUndefined()
  expect(await pixels(thumb)).toBe('thumb of kim 1')
})

// Guard: a reader whose generation was overtaken has the strategy asked again.
test('a reader of a file that nobody tied to its source gets new pixels, not an error, when that is saved', async () => {
  const world = new World()
  const { kernel, thumb } = parts(world)
  const gate = new Gate()
  world.generating = gate.once()
  const first = pixels(thumb)
  await gate.reached
  world.sources.set('kim.jpg', 'kim 2')
  await kernel.sourceSaved('kim.jpg')
  await thumb.delete()
  gate.open()
  expect(await first).toBe('thumb of kim 2')
})

// Guard: an announced deletion is no reason to ask again.
test('a reader does not bring back what was made from a source that is deleted, though it has bytes of its own', async () => {
  const world = new World()
  const { kernel } = parts(world)
  const own = kernel.file('thumb', { source: { name: 'own.jpg', open: async () => new TextEncoder().encode('own') } })
  const gate = new Gate()
  world.generating = gate.once()
  const first = codeOf(own.bytes())
  await gate.reached
  await kernel.sourceDeleted('own.jpg', { for: 'thumb' })
  gate.open()
  expect(['FILE_DELETED', 'SOURCE_NOT_FOUND']).toContain(await first)
  expect(await world.pixelsOf(own)).toBeUndefined()
})

// Guard: `drop` forgets the flight of this process.
test('whoever asks for a file after it was deleted does not get what was begun before', async () => {
  const world = new World()
  const { thumb } = parts(world)
  const gate = new Gate()
  world.generating = gate.once()
  const first = thumb.generate()
  await gate.reached
  await thumb.delete()
  expect(await pixels(thumb)).toBe('thumb of kim 1')
  expect(world.generations).toBe(2)
  gate.open()
  await first
})

// Guard: what storage holds under a claim that nobody remembers the beginning of is not fresh.
test('an owner that dies after a write, its claim forgotten once, leaves no old pixels', async () => {
  const world = new World()
  const queue = new Queue()
  const owner = world.process({ plugins: [queue] })
  await owner.adHoc().generate()
  world.cache.records.clear()
  const gate = new Gate()
  const pause = gate.once()
  world.before = (call) => (call === 'write' ? pause() : undefined)
  void queue.work()
  await gate.reached
  world.sources.set('kim.jpg', 'kim 2')
  await world.process().kernel.sourceSaved('kim.jpg')
  world.after = () => owner.kill()
  gate.open()
  await turns()
  world.after = () => undefined
  world.time += 31_000
  expect(await pixels(world.process().adHoc())).toBe('thumb7 of kim 2')
})

// Guard: old bytes are not fresh because their maker died.
test('a crash during a regeneration leaves the file stale', async () => {
  const world = new World()
  const owner = world.process()
  const other = world.process()
  await pixels(owner.thumb())
  world.sources.set('kim.jpg', 'kim 2')
  const gate = new Gate()
  world.generating = gate.once()
  void owner.kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  await gate.reached
  owner.kill()
  expect(await other.thumb().state()).toEqual({ state: 'generating', scheduled: false })
  world.time += 31_000
  expect(await other.thumb().state()).toEqual({ state: 'absent' })
  expect(await pixels(other.thumb())).toBe('thumb of kim 2')
})

// Guard: what was made from a derivative is dropped before the derivative is committed.
test('a crash after a derivative was replaced leaves nothing old that was made from it', async () => {
  const world = new World()
  const owner = world.process()
  const other = world.process()
  const derived = (from: Process) => from.kernel.file('icon', { source: from.thumb() })
  expect(await pixels(derived(owner))).toBe('icon of thumb of kim 1')
  world.sources.set('kim.jpg', 'kim 2')
  const gate = new Gate()
  const pause = gate.once()
  world.after = (call) => (call === 'write' ? pause() : undefined)
  void owner.kernel.sourceSaved('kim.jpg', { for: 'thumb' })
  await gate.reached
  owner.kill()
  world.time += 31_000
  expect(await pixels(other.thumb())).toBe('thumb of kim 2')
  expect(await pixels(derived(other))).toBe('icon of thumb of kim 2')
})

// Guard: single flight.
test('ten readers of an absent file make it once', async () => {
  const world = new World()
  const { thumb } = parts(world)
  const all = await Promise.all(Array.from({ length: 10 }, () => pixels(thumb)))
  expect(new Set(all)).toEqual(new Set(['thumb of kim 1']))
  expect(world.generations).toBe(1)
  expect(world.calls.filter((call) => call === 'stat')).toHaveLength(1)
})

// Guard: whoever loses the claim waits for the winner.
test('readers in two processes make a file once', async () => {
  const world = new World()
  const files = [world.process(), world.process()].map((process) => process.thumb())
  const outcomes = await Promise.all(files.map((file) => file.generate()))
  expect(outcomes).toEqual(['generated', 'generated'])
  expect(world.generations).toBe(1)
})

// Guard: readers join the flight before they ask the backend.
test('200 readers of one file do not fill the gate of a backend', async () => {
  const world = new World()
  let asked = 0
  const { kernel } = world.process({
    plugins: [
      {
        name: 'gated',
        apply: ({ hooks, kernel }) => {
          hooks.contentRequired.tapPromise('gated', (file) => file.generate())
          hooks.generate.tapPromise('gated', async (file, order) => {
            asked += 1
            await kernel.produce(file, order)
            return 'generated'
          })
        },
      },
    ],
  })
  await Promise.all(Array.from({ length: 200 }, () => kernel.file('thumb', { source: 'kim.jpg' }).bytes()))
  expect(asked).toBe(1)
})

// Guard: a lease ends by itself.
test('the work of a dead owner is taken over when its lease has ended', async () => {
  const world = new World()
  const owner = world.process()
  const other = world.process({ state: { wait: 40 } })
  const gate = new Gate()
  world.generating = gate.once()
  void pixels(owner.thumb())
  await gate.reached
  owner.kill()
  expect(await codeOf(other.thumb().bytes())).toBe('GENERATION_TIMEOUT')
  world.time += 31_000
  expect(await pixels(other.thumb())).toBe('thumb of kim 1')
})

// Guard: bytes are replaced in place, not deleted first.
test('a tied source saved in one process never gives the other a dead link', async () => {
  const world = new World()
  const here = world.process()
  const there = world.process()
  await here.thumb().url()
  await there.thumb().url()
  world.sources.set('kim.jpg', 'kim 2')
  let wasDead = false
  world.after = async (call) => {
    if (call !== 'stat' && !(await world.pixelsOf(there.thumb()))) wasDead = true
  }
  expect(await here.kernel.sourceSaved('kim.jpg', { for: 'thumb' })).toMatchObject([{ outcome: 'generated' }])
  expect(wasDead).toBe(false)
  expect(await pixels(there.thumb())).toBe('thumb of kim 2')
})

// Guard: a lease is renewed while work goes on.
test('a generation that takes longer than a lease keeps its claim', async () => {
  const world = new World()
  const state = { lease: 60 }
  const [owner, other] = [world.process({ state }), world.process({ state })]
  const gate = new Gate()
  world.generating = gate.once()
  const made = owner.thumb().generate()
  await gate.reached
  const untilOf = () => [...world.cache.records.values()].find(({ work }) => work)?.work?.until ?? 0
  const first = untilOf()
  world.time += 50
  await vi.waitUntil(() => untilOf() > first)
  world.time += 50
  expect(await other.thumb().state()).toEqual({ state: 'generating', scheduled: false })
  gate.open()
  await made
})

// Guard: a job may take up what waits in a queue under another token.
test('jobs that wait longer than a lease are done all the same', async () => {
  const world = new World()
  const queue = new Queue()
  const { thumb } = parts(world, { plugins: [queue] })
  expect(await thumb.generate()).toBe('scheduled')
  world.time += 31_000
  expect(await thumb.generate()).toBe('scheduled')
  const [first] = queue.jobs.splice(0, 1)
  await first?.()
  expect(await thumb.generate()).toBe('exists')
  await queue.work()
  expect(world.generations).toBe(1)
})

// Guard: what has begun is taken up by nobody else, or two jobs take the work from each other for ever.
test('two jobs of one file do not take the work from each other', async () => {
  const world = new World()
  const queue = new Queue()
  const { thumb } = parts(world, { plugins: [queue] })
  await thumb.generate()
  world.time += 31_000
  await thumb.generate()
  const gate = new Gate()
  world.generating = gate.once()
  const [first, second] = queue.jobs.splice(0)
  const made = first?.()
  await gate.reached
  await second?.()
  gate.open()
  await made
  expect(world.generations).toBe(1)
})

// Guard: a claim that was taken away is of no use any more.
test('a job of a file that was deleted meanwhile makes nothing', async () => {
  const world = new World()
  const queue = new Queue()
  const { thumb } = parts(world, { plugins: [queue] })
  await thumb.generate()
  await thumb.delete()
  await queue.work()
  expect(world.generations).toBe(0)
})

// Guard: the limit of waiting counts waiting only.
test('a generation that takes longer than others would wait for it is no time-out', async () => {
  const world = new World()
  const { thumb } = parts(world, { state: { wait: 30 } })
  const pause = new Promise((resolve) => setTimeout(resolve, 60))
  world.generating = async () => void (await pause)
  expect(await thumb.generate()).toBe('generated')
})

function parts(world: World, options?: Parameters<World['process']>[0]) {
  const process = world.process(options)
  return { kernel: process.kernel, thumb: process.thumb() }
}

/** Lets all that can go on in this process go on. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}
