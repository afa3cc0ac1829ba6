import { queueConformance } from '@latent-image/testkit'
import { expect, test } from 'vitest'
import { ProcessQueue } from '../src/process-queue.ts'

const suite = queueConformance(() => ({
  create: (work, settings) => new ProcessQueue({ work, ...settings }),
}))
for (const { name, run } of suite) test(name, run)

test('names the limit of a full queue', async () => {
  const queue = new ProcessQueue({ work: () => new Promise(() => {}), concurrency: 1, limit: 1 })
  const file = { generator: 'a', source: null, params: {}, name: null }
  const job = { order: { file, token: 't', attempt: 0 }, priority: 0, delay: 0 }
  await queue.add({ ...job, id: 'under way' })
  await queue.add({ ...job, id: 'waiting' })
  await expect(queue.add({ ...job, id: 'too many' })).rejects.toMatchObject({
    code: 'QUEUE_FULL',
    message: expect.stringContaining('1'),
  })
})
