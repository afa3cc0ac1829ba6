import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { redisAvailable } from '@latent-image/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { eventually, ownRedis, stage } from './stage.ts'

/** A server that gives every command the same answer. */
async function serverAnswering(answer: string) {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => socket.write(answer.repeat(data.toString('latin1').match(/\*\d+\r\n/g)?.length ?? 0)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test.each([
  ['OK', '+OK\r\n'],
  ['nothing', '$-1\r\n'],
  ['an error', '-ERR no\r\n'],
  ['a number', ':1\r\n'],
  ['a list', '*2\r\n$1\r\na\r\n*1\r\n:7\r\n'],
  ['what is no Redis', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
])('a job is not scheduled by a server that answers %s to all', async (_, answer) => {
  const { file, work } = stage(await serverAnswering(answer))
  const one = await file('a.png')
  await expect(one.generate()).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' })
  // Nor does a worker on it keep its process from anything else.
  work()
  await expect(one.generate()).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' })
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
