import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type BullmqBackendOptions, bullmqBackend } from '@latent-image/plugin-backend-bullmq'
import { fakeGenerator, type RedisServer, startRedis, testKernel } from '@latent-image/testkit'
import { type JobsOptions, Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { onTestFinished, vi } from 'vitest'

export const eventually = <Result>(call: () => Result | Promise<Result>) =>
  vi.waitFor(call, { timeout: 10_000, interval: 20 })

export async function ownRedis(): Promise<RedisServer> {
  const redis = await startRedis({ 'maxmemory-policy': 'noeviction' })
  onTestFinished(() => redis.stop())
  return redis
}

/** A kernel with the backend; its state is in memory, so that only the queue is in trouble. */
export function stage({ url }: { readonly url: string }, options: Partial<BullmqBackendOptions> = {}) {
  const generator = fakeGenerator()
  const backend = bullmqBackend({ connection: url, pause: 10, ...options })
  const { kernel, originals, storage } = testKernel({ plugins: [backend], generators: { generator } })
  onTestFinished(async () => {
    generator.gate.open()
    await kernel.close()
  })
  const file = async (name: string) => {
    await originals.write(name, new Uint8Array([1]), { type: 'image/png' })
    return kernel.file('generator', { source: name })
  }
  const told: string[] = []
  for (const event of ['queueUnavailable', 'queueRestored'] as const) kernel.events.on(event, () => told.push(event))
  kernel.events.on('warning', ({ error }) => told.push(error instanceof Error ? error.message : 'warning'))
  return { told, kernel, generator, storage, file, work: (concurrency = 2) => backend.work(kernel, { concurrency }) }
}

/** Adds jobs as somebody else might. */
export async function addForeignJob(redis: RedisServer, data: unknown, options: JobsOptions = {}, count = 1) {
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null })
  const queue = new Queue('latent-image', { connection })
  await queue.addBulk(Array.from({ length: count }, () => ({ name: 'generate', data, opts: options })))
  const failures = async () => (await queue.getFailed()).map(({ failedReason }) => failedReason)
  onTestFinished(async () => {
    await queue.close()
    connection.disconnect()
  })
  return failures
}

/** A server that gives every command the same answer. */
export async function serverAnswering(answer: string) {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => socket.write(answer.repeat(data.toString('latin1').match(/\*\d+\r\n/g)?.length ?? 0)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** What no Redis would answer to all. */
export const answers = [
  ['OK', '+OK\r\n'],
  ['nothing', '$-1\r\n'],
  ['an error', '-ERR no\r\n'],
  ['a number', ':1\r\n'],
  ['a list', '*2\r\n$1\r\na\r\n*1\r\n:7\r\n'],
  ['what is no Redis', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
]
