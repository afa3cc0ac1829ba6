import { deepStrictEqual as equal, fail, ok, rejects } from 'node:assert/strict'
import type { FileReference } from '@latent-image/kernel'
import { type ConformanceCase, type CreateDriver, defineCases } from './conformance-case.ts'

/** What is to be done, as the backends that use a queue write it. */
export interface QueueOrder {
  readonly file: FileReference
  readonly token: string
  readonly attempt: number
}

export interface QueueJob {
  readonly id: string
  readonly order: QueueOrder
  readonly priority: number
  /** Milliseconds. */
  readonly delay: number
}

/** A queue with the shape of `JobQueue` in `@latent-image/plugin-backend-async`, which says what it promises. */
export interface ConformingQueue {
  add(job: QueueJob): Promise<void>
  raise?(id: string, priority: number): void
  idle?(): Promise<void>
  drop?(): readonly QueueOrder[]
  close(): Promise<void>
}

export interface QueueUnderTest {
  /** Makes an empty queue that works on so many jobs at a time. */
  create(
    work: (order: QueueOrder) => Promise<void>,
    settings: { readonly concurrency: number; readonly limit: number },
  ): ConformingQueue | Promise<ConformingQueue>
  /** Whether it accepts no more than `limit` jobs. @default true */
  readonly isLimited?: boolean
  /** Milliseconds after which a job that is not begun counts as lost. @default 10_000 */
  readonly patience?: number
}

/** A worker whose work goes on until it is let go, and the queue it works on. */
class Bench {
  readonly begun: QueueOrder[] = []
  readonly queue: ConformingQueue
  mostAtATime = 0
  readonly #patience: number
  readonly #running = new Set<() => void>()
  #isOpen = false
  #notify = () => {}

  private constructor(queue: ConformingQueue, patience: number) {
    this.queue = queue
    this.#patience = patience
  }

  static async open({ create, patience = 10_000 }: QueueUnderTest, concurrency = 1, limit = 100): Promise<Bench> {
    const queue = await create((order) => bench.#work(order), { concurrency, limit })
    const bench: Bench = new Bench(queue, patience)
    return bench
  }

  get tokens(): string[] {
    return this.begun.map(({ token }) => token)
  }

  add(token: string, { id = token, priority = 0, delay = 0 }: Partial<QueueJob> = {}): Promise<void> {
    return this.queue.add({ id, order: orderOf(token), priority, delay })
  }

  /** Resolves when so many jobs have been begun in all. */
  async hasBegun(count: number): Promise<void> {
    while (this.begun.length < count) {
      const next = new Promise<void>((resolve) => {
        this.#notify = resolve
      })
      await this.within(next, `${this.begun.length} jobs were begun, and not ${count}.`)
    }
  }

  /** Fails with a message where something takes longer than the patience. */
  async within(work: Promise<void>, message: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<'too long'>((resolve) => {
      timer = setTimeout(resolve, this.#patience, 'too long')
    })
    const winner = await Promise.race([work, tooLong])
    clearTimeout(timer)
    if (winner === 'too long') fail(message)
  }

  /** Lets the jobs under way end, and all that come. */
  letGo(): void {
    this.#isOpen = true
    for (const end of this.#running) end()
  }

  async #work(order: QueueOrder): Promise<void> {
    this.begun.push(order)
    this.#notify()
    if (!this.#isOpen) {
      await new Promise<void>((resolve) => {
        this.#running.add(resolve)
        this.mostAtATime = Math.max(this.mostAtATime, this.#running.size)
      })
    }
    if (order.token.startsWith('refused')) throw new Error('This order is refused.')
  }
}

function orderOf(token: string): QueueOrder {
  const source = { name: 'Ünïcode/🌄 "kim".jpg', revision: '2', attributes: { focus: [0.5, 1] } }
  return { file: { generator: 'a:b', source, params: { width: 320 }, name: 'CACHE/a.jpg' }, token, attempt: 0 }
}

/** Begins a job that keeps the only place until the bench is let go. */
async function occupied(driver: QueueUnderTest, limit?: number): Promise<Bench> {
  const bench = await Bench.open(driver, 1, limit)
  await bench.add('first')
  await bench.hasBegun(1)
  return bench
}

/** The promises of a queue that a backend leaves its work to. */
export function queueConformance(create: CreateDriver<QueueUnderTest>): readonly ConformanceCase[] {
  return defineCases(create, {
    'does every job once': async (driver) => {
      const bench = await Bench.open(driver, 4)
      bench.letGo()
      const tokens = Array.from({ length: 30 }, (_, index) => `job-${index}`)
      await Promise.all(tokens.map((token) => bench.add(token)))
      await bench.hasBegun(30)
      await bench.queue.close()
      equal(bench.tokens.toSorted(), tokens.toSorted())
    },
    'hands on an order as it was given': async (driver) => {
      const bench = await Bench.open(driver)
      bench.letGo()
      await bench.add('only')
      await bench.hasBegun(1)
      equal(bench.begun, [orderOf('only')])
      await bench.queue.close()
    },
    'answers before the job is done': async (driver) => {
      const bench = await occupied(driver)
      await bench.within(bench.add('second'), 'It answered only when the job was done.')
      equal(bench.tokens, ['first'])
      bench.letGo()
      await bench.queue.close()
    },
    'works on a limited number of jobs at a time': async (driver) => {
      const bench = await Bench.open(driver, 3)
      await Promise.all(['a', 'b', 'c', 'd', 'e'].map((token) => bench.add(token)))
      await bench.hasBegun(3)
      equal(bench.mostAtATime, 3)
      bench.letGo()
      await bench.hasBegun(5)
      equal(bench.mostAtATime, 3)
      await bench.queue.close()
    },
    'begins equal jobs in the order of their arrival': async (driver) => {
      const bench = await occupied(driver)
      for (const token of ['a', 'b', 'c', 'd']) await bench.add(token)
      bench.letGo()
      await bench.hasBegun(5)
      equal(bench.tokens, ['first', 'a', 'b', 'c', 'd'])
      await bench.queue.close()
    },
    'begins jobs of a higher priority first': async (driver) => {
      const bench = await occupied(driver)
      await bench.add('low', { priority: -1 })
      await bench.add('middle')
      await bench.add('high', { priority: 10 })
      await bench.add('higher', { priority: 11 })
      bench.letGo()
      await bench.hasBegun(5)
      equal(bench.tokens, ['first', 'higher', 'high', 'middle', 'low'])
      await bench.queue.close()
    },
    'gives a waiting job the later order, in its place': async (driver) => {
      const bench = await occupied(driver)
      await bench.add('old', { id: 'one' })
      await bench.add('other')
      await bench.add('new', { id: 'one' })
      bench.letGo()
      await bench.hasBegun(3)
      await bench.queue.close()
      equal(bench.tokens, ['first', 'new', 'other'])
    },
    'gives a waiting job the higher of two priorities': async (driver) => {
      const bench = await occupied(driver)
      await bench.add('other', { priority: 5 })
      await bench.add('old', { id: 'raised' })
      await bench.add('new', { id: 'raised', priority: 9 })
      await bench.add('high', { id: 'kept', priority: 8 })
      await bench.add('still high', { id: 'kept' })
      bench.letGo()
      await bench.hasBegun(4)
      equal(bench.tokens, ['first', 'new', 'still high', 'other'])
      await bench.queue.close()
    },
    'does a job again that is added while it is worked on': async (driver) => {
      const bench = await occupied(driver)
      await bench.add('again', { id: 'first' })
      bench.letGo()
      await bench.hasBegun(2)
      equal(bench.tokens, ['first', 'again'])
      await bench.queue.close()
    },
    'keeps the place of a job that is added while it is worked on': async (driver) => {
      const bench = await Bench.open(driver, 1, 2)
      await bench.add('first', { priority: 5 })
      await bench.hasBegun(1)
      await bench.add('a', { priority: 4 })
      await bench.add('b')
      await bench.add('again', { id: 'first' })
      bench.letGo()
      await bench.hasBegun(4)
      equal(bench.tokens, ['first', 'again', 'a', 'b'])
      await bench.queue.close()
    },
    'raises the priority of a job, if it can': async (driver) => {
      const bench = await occupied(driver)
      if (bench.queue.raise) {
        await bench.add('other', { priority: 5 })
        await bench.add('raised')
        await bench.add('high', { priority: 8 })
        await bench.add('delayed', { priority: 7, delay: 3_600_000 })
        bench.queue.raise('raised', 6)
        bench.queue.raise('high', 1)
        bench.queue.raise('delayed', 9)
        bench.queue.raise('unknown', 9)
        await bench.add('due', { id: 'delayed' })
        bench.letGo()
        await bench.hasBegun(5)
        equal(bench.tokens, ['first', 'due', 'high', 'raised', 'other'])
      }
      bench.letGo()
      await bench.queue.close()
    },
    'goes on after a refused order, and does not repeat it': async (driver) => {
      const bench = await Bench.open(driver)
      bench.letGo()
      await bench.add('refused')
      await bench.add('second')
      await bench.hasBegun(2)
      await bench.add('third')
      await bench.hasBegun(3)
      await bench.queue.close()
      equal(bench.tokens, ['refused', 'second', 'third'])
    },
    'rejects jobs beyond its limit, and does all that it accepted': async (driver) => {
      if (driver.isLimited === false) return
      const bench = await occupied(driver, 3)
      for (const token of ['a', 'b', 'c']) await bench.add(token)
      await rejects(bench.add('d'), { code: 'QUEUE_FULL', fault: 'machine' })
      await bench.add('new b', { id: 'b' })
      bench.letGo()
      await bench.hasBegun(4)
      await bench.add('e')
      await bench.hasBegun(5)
      await bench.queue.close()
      equal(bench.tokens, ['first', 'a', 'new b', 'c', 'e'])
    },
    'begins a delayed job after its delay': async (driver) => {
      const bench = await Bench.open(driver)
      bench.letGo()
      const asked = performance.now()
      await bench.add('later', { delay: 150 })
      await bench.add('now')
      await bench.hasBegun(1)
      equal(bench.tokens, ['now'])
      await bench.hasBegun(2)
      // Timers count whole milliseconds.
      ok(performance.now() - asked >= 149)
      await bench.queue.close()
    },
    'begins a delayed job at once where it is added again without a delay': async (driver) => {
      const bench = await Bench.open(driver)
      bench.letGo()
      await bench.add('later', { id: 'one', delay: 3_600_000 })
      await bench.add('now', { id: 'one' })
      await bench.hasBegun(1)
      equal(bench.tokens, ['now'])
      await bench.queue.close()
    },
    'begins a delayed job after the shorter of two delays': async (driver) => {
      const bench = await Bench.open(driver)
      bench.letGo()
      const asked = performance.now()
      await bench.add('long', { id: 'one', delay: 3_600_000 })
      await bench.add('short', { id: 'one', delay: 100 })
      await bench.add('long again', { id: 'one', delay: 3_600_000 })
      await bench.hasBegun(1)
      ok(performance.now() - asked >= 99)
      equal(bench.tokens, ['long again'])
      await bench.queue.close()
    },
    'does not hold up a waiting job that is added again with a delay': async (driver) => {
      const bench = await occupied(driver)
      await bench.add('old', { id: 'one' })
      await bench.add('new', { id: 'one', delay: 3_600_000 })
      bench.letGo()
      await bench.hasBegun(2)
      equal(bench.tokens, ['first', 'new'])
      await bench.queue.close()
    },
    'finishes what is under way before it is closed': async (driver) => {
      const bench = await occupied(driver)
      let isClosed = false
      const closing = bench.queue.close().then(() => {
        isClosed = true
      })
      await new Promise((resolve) => setImmediate(resolve))
      equal(isClosed, false)
      bench.letGo()
      await closing
    },
    'tells what it drops, if it can, and begins none of it': async (driver) => {
      const bench = await occupied(driver)
      if (bench.queue.drop) {
        await bench.add('waiting')
        await bench.add('delayed', { delay: 1 })
        const dropped = bench.queue.drop()
        equal(dropped.map(({ token }) => token).toSorted(), ['delayed', 'waiting'])
        await rejects(bench.add('late'))
        equal(bench.queue.drop(), [])
      }
      bench.letGo()
      await bench.queue.close()
      equal(bench.tokens, ['first'])
    },
    'begins nothing once it is closed': async (driver) => {
      const bench = await occupied(driver)
      await bench.add('waiting')
      await bench.add('delayed', { delay: 1 })
      const closing = bench.queue.close()
      bench.letGo()
      await closing
      await new Promise((resolve) => setTimeout(resolve, 20))
      equal(bench.tokens, ['first'])
    },
    'rejects jobs once it is closed': async (driver) => {
      const bench = await Bench.open(driver)
      await bench.queue.close()
      await rejects(bench.add('late'))
    },
    'is idle when nothing waits and nothing is worked on': async (driver) => {
      const bench = await Bench.open(driver)
      if (!bench.queue.idle) return bench.queue.close()
      await bench.queue.idle()
      await bench.add('first')
      await bench.hasBegun(1)
      await bench.add('second')
      await bench.add('delayed', { delay: 5 })
      const idle = bench.queue.idle()
      equal(await Promise.race([idle, bench.hasBegun(1).then(() => 'busy')]), 'busy')
      bench.letGo()
      await idle
      equal(bench.tokens, ['first', 'second', 'delayed'])
      await bench.queue.close()
    },
  })
}
