import { bullmqBackend } from '@latent-image/plugin-backend-bullmq'
import { expect, test } from 'vitest'

const connection = 'redis://localhost:6379'

test.each([
  ['no connection', {}, 'connection'],
  ['an address of something else', { connection: 'amqp://localhost' }, 'connection'],
  ['a connection that is a list', { connection: [] }, 'connection'],
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

test('does not show the password of an address that it rejects', () => {
  expect(() => bullmqBackend({ connection: 'amqp://:secret-word@host' })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret-word') }),
  )
})
