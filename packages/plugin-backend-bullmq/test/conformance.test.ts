import type { Plugin } from '@latent-image/kernel'
import { bullmqBackend } from '@latent-image/plugin-backend-bullmq'
import {
  backendConformance,
  queueConformance,
  type RedisServer,
  redisAvailable,
  startRedis,
} from '@latent-image/testkit'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { BullmqQueue } from '../src/bullmq-queue.ts'
import { BullmqWorker } from '../src/bullmq-worker.ts'

describe.skipIf(!redisAvailable())('on a real Redis', () => {
  let redis: RedisServer
  let count = 0

  beforeAll(async () => {
    redis = await startRedis({ 'maxmemory-policy': 'noeviction' })
  })
  afterAll(() => redis.stop())

  describe('the queue', () => {
    const suite = queueConformance(() => ({
      isLimited: false,
      create(work, { concurrency }) {
        count++
        const shared = {
          connection: redis.url,
          queue: `queue-${count}`,
          prefix: 'bull',
          attempts: 1,
          pause: 0,
          waitFor: 0,
          priority: () => 0,
        }
        const queue = new BullmqQueue(shared)
        const events = { emit: () => true } as never
        const giveUp = async () => {}
        const worker = new BullmqWorker({ ...shared, work, giveUp, concurrency, events, name: 'test' })
        return {
          add: (job) => queue.add(job),
          async close() {
            await worker.close()
            await queue.close()
          },
        }
      },
    }))
    for (const { name, run } of suite) test(name, run)
  })

  describe('the backend', () => {
    const create = (): Plugin => {
      count++
      const backend = bullmqBackend({ connection: redis.url, queue: `backend-${count}`, pause: 1 })
      return {
        name: backend.name,
        apply(scope) {
          const release = backend.apply(scope)
          backend.work(scope.kernel)
          return release
        },
      }
    }
    for (const { name, run } of backendConformance(create, { inProcess: false })) {
      // Kernels on one queue must share their storage and state; those of this case don't.
      if (!name.startsWith('one plugin object serves several kernels')) test(name, run)
    }
  })
})
