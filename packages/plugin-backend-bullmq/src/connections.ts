import { Redis, type RedisOptions } from 'ioredis'

/** Milliseconds between two attempts to connect. */
const retryStrategy = (attempt: number) => Math.min(50 * 2 ** attempt, 500)

/** For those who schedule: they must know soon, and nothing they gave up on may be sent later. */
export function connectToSchedule(connection: string | RedisOptions): Redis {
  return open(connection, {
    lazyConnect: true,
    connectTimeout: 500,
    commandTimeout: 500,
    socketTimeout: 1_000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 1,
    retryStrategy,
  })
}

/** For those who work: they wait for jobs, and for Redis, as long as it takes. */
export function connectToWork(connection: string | RedisOptions): Redis {
  return open(connection, { connectTimeout: 1_000, keepAlive: 5_000, maxRetriesPerRequest: null, retryStrategy })
}

function open(connection: string | RedisOptions, settings: RedisOptions): Redis {
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
