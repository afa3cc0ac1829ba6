import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Gate, type Process, pixels, Queue, World } from './support/world.ts'

// A cache that is down is tried again by this clock; all else goes by the time of the world.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

const minute = 60_000
const which = fc.constantFrom(0, 1)

type Which = 'thumb' | 'adHoc'
const file = fc.constantFrom<Which>('thumb', 'adHoc')

const step = fc.oneof(
  fc.record({ does: fc.constantFrom('read', 'describe', 'generate', 'force', 'delete') }),
  fc.record({ does: fc.constantFrom('save', 'saveTied', 'break', 'deleteSource') }),
  fc.record({ does: fc.constantFrom('corrupt', 'lose', 'forget', 'fullDisk', 'crash', 'saveMeanwhile') }),
  fc.record({ does: fc.constantFrom('cacheDown', 'cacheUp', 'schedule', 'work', 'loseJobs') }),
  fc.record({ does: fc.constant('wait'), time: fc.constantFrom(1_000, 6_000, 31_000, 10 * minute) }),
  fc.record({ does: fc.constant('setClock'), time: fc.constantFrom(-600 * minute, -minute, minute, 600 * minute) }),
)
const steps = fc.array(fc.tuple(step, which, file), { minLength: 1, maxLength: 25 })

/** A world that random steps are taken in, and what must be true of it. */
class Model {
  readonly world = new World()
  readonly processes = [this.world.process(), this.world.process()]
  readonly #queue = new Queue()
  readonly #scheduling = this.world.process({ plugins: [this.#queue] })
  #saves = 1
  #isCorrupt = new Set<Which>()
  /** Who saved the source last: for it, nothing is old from then on. The other one may remember for half a minute. */
  #saver: Process | undefined

  async take({ does, time = 0 }: { does: string; time?: number }, at: number, kind: Which): Promise<void> {
    const { world } = this
    const process = this.processes[at] ?? world.process()
    const it = process[kind]()
    if (does === 'read') await this.#read(process, kind)
    if (does === 'describe') await it.describe()
    if (does === 'generate') await it.generate().catch(expected)
    if (does === 'force') await it.generate({ force: true }).then(() => this.#isCorrupt.delete(kind), expected)
    if (does === 'delete') await it.delete()
    if (does === 'save' || does === 'saveTied') await this.#save(process, `kim ${++this.#saves}`, does)
    if (does === 'break') await this.#save(process, `broken ${++this.#saves}`, 'saveTied')
    if (does === 'deleteSource') await this.#delete(process)
    if (does === 'corrupt') await this.#corrupt(process, kind)
    if (does === 'lose') await world.stored.delete(it.name ?? '')
    if (does === 'forget') world.cache.records.clear()
    if (does === 'fullDisk') await this.#withFullDisk(() => it.generate({ force: true }))
    if (does === 'crash' && !world.cache.fault) await this.#crash(at, kind)
    if (does === 'saveMeanwhile') await this.#saveMeanwhile(process, kind)
    if (does === 'schedule') await this.#scheduling[kind]().generate().catch(expected)
    if (does === 'work') await this.#queue.work().catch(expected)
    if (does === 'loseJobs') this.#queue.jobs.length = 0
    if (does === 'cacheDown') world.cache.fault = 'down'
    if (does === 'cacheUp') await this.#endOutage()
    if (does === 'wait' || does === 'setClock') world.time += time
  }

  /** When all faults have passed, every file can be read, and shows the source as it is. */
  async end(): Promise<void> {
    await this.#endOutage()
    this.world.time += 60 * minute
    if (![...this.world.sources.values()].some((source) => source.startsWith('kim'))) {
      await this.#save(this.processes[0] ?? this.world.process(), 'kim at last', 'save')
      this.world.time += minute
    }
    for (const process of [...this.processes, this.world.process()]) {
      for (const kind of ['thumb', 'adHoc'] as const) {
        if (this.#isCorrupt.delete(kind)) await process[kind]().generate({ force: true })
        expect(await pixels(process[kind]())).toBe(this.#current(kind))
        expect(await this.world.pixelsOf(process[kind]())).toBe(this.#current(kind))
      }
    }
  }

  #current(kind: Which): string {
    return `thumb${kind === 'adHoc' ? 7 : ''} of ${this.world.sources.get('kim.jpg')}`
  }

  async #read(process: Process, kind: Which): Promise<void> {
    const found = await pixels(process[kind]()).catch(expected)
    const { state } = await process[kind]().state()
    // Old pixels are served while new ones are on the way.
    const mayBeOld = process !== this.#saver || this.#isCorrupt.has(kind) || state === 'generating'
    if (found !== undefined && !mayBeOld) expect(found).toBe(this.#current(kind))
  }

  async #save(process: Process, source: string, how: string): Promise<void> {
    this.world.sources.set('kim.jpg', source)
    await process.kernel.sourceSaved('kim.jpg', how === 'saveTied' ? { for: 'thumb' } : {})
    this.#saver = process
    this.#isCorrupt.clear()
  }

  async #delete(process: Process): Promise<void> {
    this.world.sources.delete('kim.jpg')
    await process.kernel.sourceDeleted('kim.jpg')
    for (const kind of ['thumb', 'adHoc'] as const) {
      expect(await this.world.pixelsOf(process[kind]())).toBeUndefined()
    }
    this.#saver = process
    this.#isCorrupt.clear()
  }

  async #corrupt(process: Process, kind: Which): Promise<void> {
    if (!(await this.world.pixelsOf(process[kind]()))) return
    this.#isCorrupt.add(kind)
    await this.world.put(process[kind](), 'garbage')
  }

  async #withFullDisk(work: () => Promise<unknown>): Promise<void> {
    this.world.before = (call) => {
      if (call === 'write') throw Object.assign(new Error('No space left on device.'), { code: 'ENOSPC' })
    }
    await work().catch(expected)
    this.world.before = () => undefined
  }

  /** A process dies while it makes a file; another one takes its place. */
  async #crash(at: number, kind: Which): Promise<void> {
    const { world } = this
    const process = this.processes[at] ?? world.process()
    const gate = new Gate()
    world.generating = gate.once()
    const work = process[kind]().generate({ force: true }).catch(expected)
    await Promise.race([gate.reached, work])
    process.kill()
    world.generating = () => undefined
    this.processes[at] = world.process()
    world.time += 31_000
  }

  async #saveMeanwhile(process: Process, kind: Which): Promise<void> {
    const gate = new Gate()
    this.world.generating = gate.once()
    const work = process[kind]().generate({ force: true }).catch(expected)
    await Promise.race([gate.reached, work])
    const saved = this.#save(process, `kim ${++this.#saves}`, 'saveTied')
    gate.open()
    await Promise.all([saved, work])
    this.world.generating = () => undefined
  }

  async #endOutage(): Promise<void> {
    this.world.cache.fault = undefined
    for (let probe = 0; probe < 3; probe++) {
      vi.advanceTimersByTime(1_001)
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

/** Faults may fail any step, but only with an error of the catalogue. */
function expected(error: unknown): undefined {
  expect(error).toHaveProperty('code')
  expect(error).toHaveProperty('fault')
}

test('no sequence of faults leaves a file that can never be generated again, or serves old pixels', async () => {
  const property = fc.asyncProperty(steps, async (taken) => {
    const model = new Model()
    for (const [what, at, kind] of taken) await model.take(what, at, kind)
    await model.end()
  })
  await fc.assert(property, { numRuns: 150, interruptAfterTimeLimit: 10_000 })
})

test('however the calls of processes interleave, the last pixels win', async () => {
  const operations = fc.array(fc.constantFrom('read', 'readThere', 'force', 'delete', 'save', 'saveThere', 'pause'), {
    minLength: 2,
    maxLength: 6,
  })
  const property = fc.asyncProperty(fc.scheduler(), operations, file, fc.boolean(), async (s, names, kind, isMade) => {
    const world = new World()
    const [here, there] = [world.process(), world.process()]
    if (isMade) await pixels(here[kind]())
    const inSomeOrder = async () => void (await s.schedule(Promise.resolve()))
    world.before = inSomeOrder
    world.after = inSomeOrder
    world.cache.before = inSomeOrder
    const save = async ({ kernel }: Process, name: string) => {
      world.sources.set('kim.jpg', `kim ${name}`)
      await kernel.sourceSaved('kim.jpg', { for: 'thumb' })
    }
    const run: Record<string, (index: number) => Promise<unknown>> = {
      read: () => here[kind]().bytes(),
      readThere: () => there[kind]().bytes(),
      force: () => here[kind]().generate({ force: true }),
      delete: () => here[kind]().delete(),
      save: (index) => save(here, `here ${index}`),
      saveThere: (index) => save(there, `there ${index}`),
      // Every owner is past its lease.
      pause: async () => {
        await inSomeOrder()
        world.time += 31_000
      },
    }
    const all = Promise.all(names.map((name, index) => run[name]?.(index).catch(expected)))
    await drained(s, all)
    world.time += 31_000
    const current = `thumb${kind === 'adHoc' ? 7 : ''} of ${world.sources.get('kim.jpg')}`
    const found = Promise.all([here, there].map((process) => pixels(process[kind]())))
    await drained(s, found)
    expect(await found).toEqual([current, current])
    expect(await world.pixelsOf(here[kind]())).toBe(current)
  })
  await fc.assert(property, { numRuns: 60, interruptAfterTimeLimit: 10_000 })
})

/** Lets scheduled calls go on, one at a time, until some work is done. */
async function drained(scheduler: fc.Scheduler, work: Promise<unknown>): Promise<void> {
  let isDone = false
  const done = () => {
    isDone = true
  }
  work.then(done, done)
  while (!isDone) {
    if (scheduler.count() > 0) await scheduler.waitOne()
    else await new Promise((resolve) => setImmediate(resolve))
  }
}
