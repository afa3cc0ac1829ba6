import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { LatentImageError } from '@latent-image/kernel'
import { type RedisServer, redisAvailable } from '@latent-image/testkit'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { BullmqQueue } from '../src/bullmq-queue.ts'
import { BullmqWorker } from '../src/bullmq-worker.ts'
import { addForeignJob, answers, eventually, ownRedis, serverAnswering, stage } from './stage.ts'

/** The address of a user of Redis who may do all but some commands. */
async function userWithout(redis: RedisServer, ...commands: readonly string[]) {
  const denied = commands.map((command) => `-${command}`)
  await redis.cli('ACL', 'SETUSER', 'limited', 'on', '>secret', '~*', '&*', '+@all', ...denied)
  const grant = () => redis.cli('ACL', 'SETUSER', 'limited', '+@all')
  return { url: redis.url.replace('//', '//limited:secret@'), grant }
}

async function rejectedCalls(redis: RedisServer, command: string): Promise<number> {
  const stats = await redis.cli('INFO', 'commandstats')
  return Number(new RegExp(`cmdstat_${command}:.*rejected_calls=(\\d+)`).exec(stats)?.[1] ?? 0)
}

/** A way to Redis on which connections can be reset. */
async function wayTo({ port }: RedisServer) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const onwards = connect(port, '127.0.0.1').on('error', () => {})
    sockets.add(socket.on('error', () => {}))
    socket.pipe(onwards).pipe(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const reset = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, reset }
}

/** Puts a job into the queue past BullMQ. */
async function addRawJob(redis: RedisServer, data: string) {
  await redis.cli('HSET', 'bull:latent-image:raw', 'name', 'generate', 'data', data, 'opts', '{}', 'timestamp', '1')
  await redis.cli('LPUSH', 'bull:latent-image:wait', 'raw')
  await redis.cli('ZADD', 'bull:latent-image:marker', '0', '0')
}

test.each(answers)('a worker waits where a server answers %s to all', async (_, answer) => {
  const { work, told } = stage(await serverAnswering(answer))
  work()
  await eventually(() => expect(told).not.toHaveLength(0))
  for (let turn = 0; turn < 500; turn++) await setImmediate()
  expect(told.length).toBeLessThan(4)
})

describe.skipIf(!redisAvailable())('a worker', () => {
  test('waits, and says so once, where it may not do what BullMQ needs', async () => {
    const redis = await ownRedis()
    const { url, grant } = await userWithout(redis, 'info')
    const { file, work, told } = stage({ url })
    const one = await file('a.png')
    work()
    await eventually(async () => expect(await rejectedCalls(redis, 'info')).toBeGreaterThan(3))
    expect(told).toEqual([expect.stringContaining('NOPERM')])
    await grant()
    await eventually(() => one.generate())
    await eventually(async () => expect(await one.exists()).toBe(true))
    expect(told).toHaveLength(1)
  })

  test('asks about once a second where Redis answers with errors, and says so once', async () => {
    const redis = await ownRedis()
    const { url, grant } = await userWithout(redis, 'eval', 'evalsha')
    const { file, work, told } = stage({ url })
    const one = await file('a.png')
    const begun = performance.now()
    work()
    const asked = () => rejectedCalls(redis, 'evalsha')
    await eventually(async () => expect(await asked()).toBeGreaterThan(3))
    expect(await asked()).toBeLessThan(3 + (performance.now() - begun) / 500)
    expect(told).toEqual([expect.stringContaining('NOPERM')])
    await grant()
    await eventually(() => one.generate())
    await eventually(async () => expect(await one.exists()).toBe(true))
  })

  test('works on where a full Redis has room again', async () => {
    const redis = await ownRedis()
    const { file, work, told } = stage(redis)
    const one = await file('a.png')
    await one.generate()
    await redis.cli('CONFIG', 'SET', 'maxmemory', '1')
    work()
    await eventually(() => expect(told).toEqual([expect.stringContaining('OOM')]))
    await redis.cli('CONFIG', 'SET', 'maxmemory', '0')
    await eventually(async () => expect(await one.exists()).toBe(true))
  })

  test('says when Redis is lost and when it is back: each outage once', async () => {
    const redis = await ownRedis()
    const { work, told } = stage(redis)
    work()
    for (const outage of [1, 2]) {
      await eventually(async () => expect(await redis.cli('INFO', 'clients')).toContain('blocked_clients:1'))
      await redis.kill()
      await eventually(() => expect(told).toHaveLength(2 * outage - 1))
      await redis.restart()
      await eventually(() => expect(told).toHaveLength(2 * outage))
    }
    expect(told).toEqual(['queueUnavailable', 'queueRestored', 'queueUnavailable', 'queueRestored'])
  })

  test('tells of no outage when it is closed', async () => {
    const redis = await ownRedis()
    const { work, told } = stage(redis)
    const worker = work()
    await eventually(async () => expect(await redis.cli('INFO', 'clients')).toContain('blocked_clients:1'))
    await worker.close()
    expect(told).toEqual([])
  })

  test('takes a connection that is reset for an outage', async () => {
    const redis = await ownRedis()
    const { url, reset } = await wayTo(redis)
    const { work, told } = stage({ url })
    work()
    await eventually(async () => expect(await redis.cli('INFO', 'clients')).toContain('blocked_clients:1'))
    reset()
    await eventually(() => expect(told).toContain('queueUnavailable'))
    expect(told).toHaveLength(1)
  })

  test('refuses a job that is not JSON, and takes the next outage for one', async () => {
    const redis = await ownRedis()
    const { work, told } = stage(redis)
    work()
    await addRawJob(redis, '{oops')
    await eventually(async () => expect(await redis.cli('ZCARD', 'bull:latent-image:failed')).toBe('1'))
    expect(told).toEqual([expect.stringContaining('job was refused')])
    await redis.kill()
    await eventually(() => expect(told).toContain('queueUnavailable'))
  })

  test('takes a job that it has lost for no outage', async () => {
    const redis = await ownRedis()
    const { file, work, generator, told } = stage(redis)
    generator.gate.close()
    await (await file('a.png')).generate()
    work()
    await generator.gate.reached()
    const [id] = (await redis.cli('LRANGE', 'bull:latent-image:active', '0', '-1')).split('\n')
    await redis.cli('DEL', `bull:latent-image:${id}:lock`)
    generator.gate.open()
    await eventually(() => expect(told).toEqual([expect.stringContaining('Missing lock')]))
  })

  test('keeps a job of which it could not see to the next attempt', async () => {
    const redis = await ownRedis()
    const options = { connection: redis.url, queue: 'latent-image', prefix: 'bull', attempts: 1, pause: 0, waitFor: 0 }
    const work = () => Promise.reject(new LatentImageError('TEST', 'A test.', { fault: 'machine' }))
    const priority = () => 0
    const events = { emit: vi.fn() } as never
    const settings = { ...options, priority, work, giveUp: work, events, name: 'test', concurrency: 1 }
    const worker = new BullmqWorker(settings)
    onTestFinished(() => worker.close())
    const queue = new BullmqQueue(settings)
    onTestFinished(() => queue.close())
    const file = { generator: 'generator', source: null, params: {}, name: null }
    await queue.add({ id: 'one', order: { file, token: 'one', attempt: 0 }, priority: 0, delay: 0 })
    await eventually(async () => expect(await redis.cli('ZCARD', 'bull:latent-image:delayed')).toBe('1'))
    expect(await redis.cli('HGET', 'bull:latent-image:order-one', 'data')).toContain('generator')
  })

  test('gives up a file whose job brought down whoever worked on it, for all who ask for it', async () => {
    const redis = await ownRedis()
    const { file, work, generator } = stage(redis)
    const one = await file('a.png')
    await one.generate()
    const [id] = (await redis.cli('ZRANGE', 'bull:latent-image:prioritized', '0', '-1')).split('\n')
    // As BullMQ does where a job has been lost too often.
    await redis.cli('HSET', `bull:latent-image:${id}`, 'defa', 'job stalled more than allowable limit')
    work()
    await eventually(async () =>
      expect(await one.state()).toMatchObject({ state: 'failed', failure: { code: 'JOB_GIVEN_UP' } }),
    )
    await expect(one.generate()).rejects.toMatchObject({ code: 'JOB_GIVEN_UP', fault: 'source' })
    expect(generator.calls.generate).toBe(0)
    await one.generate({ force: true })
    await eventually(async () => expect(await one.exists()).toBe(true))
  })

  test('tries a refused job once, whatever its own options say', async () => {
    const redis = await ownRedis()
    const { work, told } = stage(redis)
    await addForeignJob(redis, null, { attempts: 3 })
    work()
    await eventually(async () => expect(await redis.cli('ZCARD', 'bull:latent-image:failed')).toBe('1'))
    expect(told).toHaveLength(1)
  })

  test('keeps the last thousand of failed jobs, whoever added them', async () => {
    const redis = await ownRedis()
    const { work, told } = stage(redis)
    await Promise.all(Array.from({ length: 10 }, () => addForeignJob(redis, null, {}, 101)))
    work()
    await eventually(() => expect(told).toHaveLength(1_010))
    expect(await redis.cli('ZCARD', 'bull:latent-image:failed')).toBe('1000')
  })
})
