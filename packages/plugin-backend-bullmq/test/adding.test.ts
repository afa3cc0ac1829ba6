import { redisAvailable } from '@latent-image/testkit'
import { describe, expect, test } from 'vitest'
import { answers, eventually, ownRedis, serverAnswering, stage } from './stage.ts'

test.each(answers)('a job is not scheduled by a server that answers %s to all', async (_, answer) => {
  const { file } = stage(await serverAnswering(answer))
  await expect((await file('a.png')).generate()).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' })
})

describe.skipIf(!redisAvailable())('on a real Redis', () => {
  test('an order is accepted whatever becomes of the jobs before it', async () => {
    const { file, work } = stage(await ownRedis())
    const one = await file('a.png')
    work(2)
    for (let round = 0; round < 60; round++) {
      const outcomes = await Promise.all(Array.from({ length: 12 }, () => one.generate({ force: true })))
      expect(['scheduled', 'generated', 'exists']).toEqual(expect.arrayContaining(outcomes))
    }
    await eventually(async () => expect(await one.exists()).toBe(true))
  })
})
