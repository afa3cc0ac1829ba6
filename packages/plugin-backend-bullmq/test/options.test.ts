import { bullmqBackend } from '@latent-image/plugin-backend-bullmq'
import { fakeGenerator, testKernel } from '@latent-image/testkit'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'

const connection = 'redis://localhost:6379'

test.each([
  ['no connection', {}, 'connection'],
  ['an address of something else', { connection: 'amqp://localhost' }, 'connection'],
  ['an address without a host', { connection: 'redis:' }, 'connection'],
  ['a connection that is a list', { connection: [] }, 'connection'],
  ['a client as the connection', { connection: new Redis({ lazyConnect: true }) }, 'not a client'],
  ['a misspelt option of ioredis', { connection: { hots: 'x' } }, 'connection.hots'],
  ['a port that is no number', { connection: { port: 'abc' } }, 'connection.port'],
  ['a prefix that BullMQ cannot have', { connection: { keyPrefix: 'x:' } }, 'connection.keyPrefix'],
  ['an unknown option', { connection, workers: 2 }, 'workers'],
  ['a queue name with a colon', { connection, queue: 'a:b' }, 'queue'],
  ['an empty prefix', { connection, prefix: '' }, 'prefix'],
  ['`attempts` of none', { connection, attempts: 0 }, 'attempts'],
  ['a negative `pause`', { connection, pause: -1 }, 'pause'],
  ['a `priority` that is no function', { connection, priority: 2 }, 'priority'],
])('rejects %s', (_, options, mentioned) => {
  const make = () => bullmqBackend(options as never)
  expect(make).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining(mentioned) }),
  )
})

test.each([
  ['an address', 'rediss://user:password@queue.example:6380/1'],
  ['a host', { host: 'queue.example', port: 6380, username: 'user', password: 'secret', db: 1, tls: {} }],
  ['sentinels', { sentinels: [{ host: 'one.example', port: 26_379 }], name: 'queue', natMap: {} }],
  ['what is not given', { host: 'queue.example', password: undefined }],
])('takes %s as the connection', (_, connection) => {
  expect(() => bullmqBackend({ connection } as never)).not.toThrow()
})

test.each([
  ['an unknown option', { concurency: 2 }, 'concurency'],
  ['no files at a time', { concurrency: 0 }, 'concurrency'],
  ['half a file', { concurrency: 1.5 }, 'concurrency'],
  ['a number that is none', { concurrency: Number.NaN }, 'concurrency'],
  ['a text', { concurrency: 'x' }, 'concurrency'],
  ['null', null, 'backend-bullmq'],
])('does not work with %s', (_, options, mentioned) => {
  const backend = bullmqBackend({ connection })
  const { kernel } = testKernel({ plugins: [backend] })
  onTestFinished(() => kernel.close())
  expect(() => backend.work(kernel, options as never)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining(mentioned) }),
  )
})

test('does not show the password of an address that it rejects', () => {
  expect(() => bullmqBackend({ connection: 'amqp://:secret-word@host' })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret-word') }),
  )
})

test.each([
  ['no number', Number.NaN],
  ['a text', 'high'],
  ['more than BullMQ tells apart', Date.now()],
  ['less than BullMQ tells apart', -Date.now()],
])('refuses a file whose priority is %s', async (_, priority) => {
  const backend = bullmqBackend({ connection, priority: () => priority as number })
  const { kernel, originals } = testKernel({ plugins: [backend], generators: { generator: fakeGenerator() } })
  onTestFinished(() => kernel.close())
  await originals.write('a.png', new Uint8Array([1]), { type: 'image/png' })
  await expect(kernel.file('generator', { source: 'a.png' }).generate()).rejects.toMatchObject({
    code: 'INVALID_PRIORITY',
  })
})
