import { Redis, type RedisOptions } from 'ioredis'
import type { ConnectionOptions } from './connection-options.ts'

/** Milliseconds between two attempts to connect. */
const retryStrategy = (attempt: number) => Math.min(50 * 2 ** attempt, 500)

/** For those who schedule: they must know soon, and nothing they gave up on may be sent later. */
export function connectToSchedule(connection: string | ConnectionOptions): Redis {
  return open(connection, {
    lazyConnect: true,
    // Longer than callers wait: a process that is busy for a moment must not take that for an outage.
    connectTimeout: 2_000,
    socketTimeout: 2_000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 1,
  })
}

/** Connections that can be ended, whatever state they are in. */
export interface WorkConnection {
  readonly redis: Redis
  /** Whether commands can be sent on all of them. */
  readonly isUp: boolean
  disconnect(): void
}

/** Told of outages, each once. */
export interface OutageListener {
  lost(error: Error): void
  restored(): void
}

/** For those who work: they wait for jobs, and for Redis, as long as it takes. */
export function connectToWork(
  connection: string | ConnectionOptions,
  { lost, restored }: OutageListener,
): WorkConnection {
  const clients: Redis[] = []
  const isUp = () => clients.every(({ status }) => status === 'ready')
  let isLost = false
  let isEnded = false
  const watched = (redis: Redis) => {
    let reason = new Error('The connection to Redis was closed.')
    redis.on('error', (error) => {
      reason = error
    })
    redis.on('close', () => {
      if (!isLost && !isEnded) lost(reason)
      isLost = true
    })
    redis.on('ready', () => {
      if (isLost && isUp()) restored()
      isLost = !isUp() && isLost
    })
    clients.push(redis)
    return redis
  }
  const redis = watched(open(connection, { connectTimeout: 2_000, keepAlive: 5_000, maxRetriesPerRequest: null }))
  // BullMQ makes a second one of it, to wait for jobs, and cannot be made to let go of that while Redis is away.
  const duplicate = redis.duplicate.bind(redis)
  redis.duplicate = (override) => watched(duplicate(override))
  return {
    redis,
    get isUp() {
      return isUp()
    },
    disconnect() {
      isEnded = true
      for (const client of clients) client.disconnect()
    },
  }
}

function open(connection: string | ConnectionOptions, own: RedisOptions): Redis {
  const settings = { ...own, retryStrategy, disconnectTimeout: 500 }
  const redis =
    typeof connection === 'string' ? new Redis(connection, settings) : new Redis({ ...connection, ...settings })
  // Whoever sends a command learns of a failure; without a listener it would be printed.
  return redis.on('error', () => {})
}

/** Resolves when commands can be sent; rejects as soon as that is known to fail. */
export async function connected(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return
  if (redis.status === 'reconnecting') throw new Error('there is no connection to Redis')
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error) => {
      redis.off('ready', settle).off('error', settle).off('close', closed)
      if (error) reject(error)
      else resolve()
    }
    const closed = () => settle(new Error('the connection to Redis was closed'))
    redis.on('ready', settle).on('error', settle).on('close', closed)
    if (redis.status === 'wait' || redis.status === 'end') redis.connect().catch(settle)
  })
}
