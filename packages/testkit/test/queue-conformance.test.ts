import { setTimeout as delay } from 'node:timers/promises'
import { type ConformingQueue, type QueueJob, type QueueOrder, queueConformance } from '@latent-image/testkit'
import { expect, test } from 'vitest'

type Work = (order: QueueOrder) => Promise<void>

interface Settings {
  readonly concurrency: number
  readonly limit: number
}

interface Waiting extends QueueJob {
  readonly due: number
}

/** A queue that keeps every promise. */
class ListQueue implements ConformingQueue {
  readonly work: Work
  readonly settings: Settings
  readonly running = new Map<Promise<void>, QueueJob>()
  waiting: Waiting[] = []
  isClosed = false

  constructor(work: Work, settings: Settings) {
    this.work = work
    this.settings = settings
  }

  async add(job: QueueJob): Promise<void> {
    this.assertOpen()
    const due = performance.now() + job.delay
    const place = this.waiting.findIndex(({ id }) => id === job.id)
    const old = this.waiting[place]
    const underWay = [...this.running.values()].find(({ id }) => id === job.id)
    if (old) this.waiting[place] = this.merge(old, { ...job, due })
    else if (underWay) this.addUnderWay({ ...job, due }, underWay)
    else this.addNew({ ...job, due })
    if (job.delay > 0) setTimeout(() => this.begin(), job.delay + 1).unref()
    this.begin()
  }

  assertOpen(): void {
    if (this.isClosed) throw new Error('closed')
  }

  addNew(job: Waiting): void {
    this.assertRoom()
    this.waiting.push(job)
  }

  addUnderWay(job: Waiting, underWay: QueueJob): void {
    this.waiting.push({ ...job, priority: Math.max(job.priority, underWay.priority) })
  }

  raise(id: string, priority: number): void {
    this.waiting = this.waiting.map((job) =>
      job.id === id ? { ...job, priority: Math.max(job.priority, priority) } : job,
    )
  }

  assertRoom(): void {
    if (this.waiting.length < this.settings.limit) return
    throw Object.assign(new Error('full'), { code: 'QUEUE_FULL', fault: 'machine' })
  }

  merge(old: Waiting, job: Waiting) {
    return { ...job, priority: Math.max(old.priority, job.priority), due: Math.min(old.due, job.due) }
  }

  async idle(): Promise<void> {
    while (this.waiting.length > 0 || this.running.size > 0) await delay(1)
  }

  drop(): readonly QueueOrder[] {
    this.isClosed = true
    return this.waiting.splice(0).map(({ order }) => order)
  }

  async close(): Promise<void> {
    this.drop()
    await Promise.all(this.running.keys())
  }

  next(): QueueJob | undefined {
    const due = this.waiting.filter((job) => job.due <= performance.now())
    return due.sort((a, b) => b.priority - a.priority)[0]
  }

  begin(): void {
    const job = this.running.size < this.settings.concurrency ? this.next() : undefined
    if (!job) return
    this.waiting = this.waiting.filter(({ id }) => id !== job.id)
    const done = this.run(job).finally(() => {
      this.running.delete(done)
      this.begin()
    })
    this.running.set(done, job)
    this.begin()
  }

  async run(job: QueueJob): Promise<void> {
    await this.work(job.order).catch(() => {})
  }
}

/** A queue broken on purpose, by the promise that it breaks. */
const broken: Record<string, new (work: Work, settings: Settings) => ConformingQueue> = {
  'does every job once': class extends ListQueue {
    override async run(job: QueueJob) {
      await super.run(job)
      if (job.id === 'job-7') await super.run(job)
    }
  },
  'hands on an order as it was given': class extends ListQueue {
    override run(job: QueueJob) {
      return super.run({ ...job, order: { ...job.order, file: { ...job.order.file, source: null } } })
    }
  },
  'answers before the job is done': class extends ListQueue {
    override async add(job: QueueJob) {
      await super.add(job)
      if (job.id !== 'first') await this.idle()
    }
  },
  'works on a limited number of jobs at a time': class extends ListQueue {
    constructor(work: Work, settings: Settings) {
      super(work, { ...settings, concurrency: settings.concurrency + 1 })
    }
  },
  'begins equal jobs in the order of their arrival': class extends ListQueue {
    override next() {
      return this.waiting.at(-1)
    }
  },
  'begins jobs of a higher priority first': class extends ListQueue {
    override next() {
      return this.waiting[0]
    }
  },
  'gives a waiting job the later order, in its place': class extends ListQueue {
    override merge(old: Waiting) {
      return old
    }
  },
  'gives a waiting job the higher of two priorities': class extends ListQueue {
    override merge(_: Waiting, job: Waiting) {
      return job
    }
  },
  'does a job again that is added while it is worked on': class extends ListQueue {
    readonly #seen = new Set<string>()
    override async add(job: QueueJob) {
      if (!this.#seen.has(job.id)) await super.add(job)
      this.#seen.add(job.id)
    }
  },
  'keeps the place of a job that is added while it is worked on': class extends ListQueue {
    override addUnderWay(job: Waiting) {
      this.waiting.push(job)
    }
  },
  'raises the priority of a job, if it can': class extends ListQueue {
    override raise() {}
  },
  'goes on after a refused order, and does not repeat it': class extends ListQueue {
    override async run(job: QueueJob) {
      await this.work(job.order).catch(() => this.work(job.order).catch(() => {}))
    }
  },
  'rejects jobs beyond its limit, and does all that it accepted': class extends ListQueue {
    override assertRoom() {
      if (this.waiting.length >= this.settings.limit) this.waiting.shift()
    }
  },
  'begins a delayed job after its delay': class extends ListQueue {
    override add(job: QueueJob) {
      return super.add({ ...job, delay: 0, priority: job.delay > 0 ? -1 : 0 })
    }
  },
  'begins a delayed job at once where it is added again without a delay': class extends ListQueue {
    override merge(old: Waiting, job: Waiting) {
      return { ...job, due: old.due }
    }
  },
  'begins a delayed job after the shorter of two delays': class extends ListQueue {
    override merge(old: Waiting, job: Waiting) {
      return { ...super.merge(old, job), due: job.delay > 0 ? old.due : job.due }
    }
  },
  'does not hold up a waiting job that is added again with a delay': class extends ListQueue {
    override merge(_: Waiting, job: Waiting) {
      return job
    }
  },
  'finishes what is under way before it is closed': class extends ListQueue {
    override async close() {
      this.isClosed = true
      this.waiting = []
    }
  },
  'tells what it drops, if it can, and begins none of it': class extends ListQueue {
    override drop() {
      super.drop()
      return []
    }
  },
  'begins nothing once it is closed': class extends ListQueue {
    override async close() {
      this.isClosed = true
      await this.idle()
    }
  },
  'rejects jobs once it is closed': class extends ListQueue {
    override assertOpen() {}
  },
  'is idle when nothing waits and nothing is worked on': class extends ListQueue {
    override async idle() {
      while (this.running.size > 0) await delay(1)
    }
  },
}

const suiteFor = (Queue: new (work: Work, settings: Settings) => ConformingQueue) =>
  queueConformance(() => ({ create: (work, settings) => new Queue(work, settings), patience: 500 }))

for (const { name, run } of suiteFor(ListQueue)) test(`accepts a queue that ${name}`, run)

test('has a broken queue for every promise', () => {
  expect(Object.keys(broken)).toEqual(suiteFor(ListQueue).map(({ name }) => name))
})

for (const [promise, Queue] of Object.entries(broken)) {
  test(`rejects a queue that breaks "${promise}"`, async () => {
    const broken = suiteFor(Queue).find(({ name }) => name === promise)
    await expect(broken?.run()).rejects.toMatchObject({ code: 'ERR_ASSERTION' })
  })
}

test('asks neither for a limit nor for idleness of a queue that has none', async () => {
  class Endless extends ListQueue {
    override idle = undefined as never
    override assertRoom() {}
  }
  const create = (work: Work, settings: Settings) => new Endless(work, settings)
  for (const { name, run } of queueConformance(() => ({ create, isLimited: false }))) {
    if (name.startsWith('is idle') || name.startsWith('rejects jobs beyond')) await run()
  }
})
