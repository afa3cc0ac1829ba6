import type { Plugin, StateCache } from '@latent-image/kernel'
import { fakeCache, fakeGenerator, fakeStorage, testKernel } from '@latent-image/testkit'
import { expect, test } from 'vitest'
import { type Order, queueBackend, type Work } from '../src/index.ts'

/** Two processes that share storage, state and a queue; the first one can be cut off from the state. */
function twoProcesses() {
  const [shared, storage, originals, generator] = [fakeCache(), fakeStorage(), fakeStorage(), fakeGenerator()]
  const queue: Order[] = []
  const connection = { isCut: false }
  const reached = async <Answer>(call: () => Promise<Answer>) => {
    if (connection.isCut) throw new Error('The cache is out of reach.')
    return call()
  }
  const distant: StateCache = {
    supports: shared.supports,
    get: (key) => reached(() => shared.get(key)),
    swap: (...change) => reached(() => shared.swap(...change)),
  }
  const start = (cache: StateCache) => {
    let work: Work = async () => {}
    const backend = queueBackend({
      name: 'queue',
      attempts: 1,
      pause: 0,
      waitFor: 0,
      priority: () => 0,
      createQueue: (given) => {
        work = given
        return { add: async ({ order }) => void queue.push(structuredClone(order)), close: async () => {} }
      },
    })
    const caching: Plugin = { name: 'caching', apply: ({ hooks }) => hooks.cache.tap('caching', () => cache) }
    const { kernel } = testKernel({ plugins: [backend, caching], generators: { generator } }, { storage, originals })
    return { file: () => kernel.file('generator', { source: 'a.png' }), work: (order: Order) => work(order) }
  }
  return { scheduler: start(distant), worker: start(shared), queue, connection, originals, generator }
}

test('a job that was scheduled by a process cut off from the state is done by one that is not', async () => {
  const { scheduler, worker, queue, connection, originals, generator } = twoProcesses()
  await originals.write('a.png', new Uint8Array([1]), { type: 'image/png' })
  // Known to be absent: a record without any claim.
  await scheduler.file().delete()
  connection.isCut = true
  expect(await scheduler.file().generate()).toBe('scheduled')
  connection.isCut = false
  for (const order of queue) await worker.work(order)
  expect(generator.calls.generate).toBe(1)
  expect(await scheduler.file().state()).toMatchObject({ state: 'exists' })
})
