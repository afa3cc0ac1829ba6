import KeyvRedis, { createClient, type RedisClientConnectionType } from '@keyv/redis'

/** A way to Redis that is opened on first use. */
export interface RedisConnection {
  /** Its client may be replaced by another at any time. */
  readonly adapter: KeyvRedis<unknown>
  /** For messages, without a password. */
  readonly address: string
  /** Does something with the adapter, when it is worth trying; whether that gets through shows then. */
  use<Result>(work: () => Promise<Result>): Promise<Result>
  /** Ends the connection, after what is under way, if that does not take too long. */
  release(): Promise<void>
}

export type RedisClient = ReturnType<typeof createClient>

/** What every client of ours is set to: each wait has an end, and nothing is sent later than it was meant. */
const settings = {
  disableOfflineQueue: true,
  maintNotifications: 'disabled',
  socket: {
    // Longer than the kernel waits: a process that is busy for a moment must not take that for an outage.
    connectTimeout: 2_000,
    // Ends a greeting that is not answered. Once connected, the beats of `OwnConnection` keep the socket from it.
    socketTimeout: 2_000,
    reconnectStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, 500),
  },
} as const

/** A client that is not connected, for a `redis://` or `rediss://` address. */
export function clientFor(url: string): RedisClient {
  return createClient({ url, ...settings })
}

/** A client that is not connected, to the same server as somebody else's; `undefined` for a cluster or sentinel. */
export function clientLike(client: RedisClientConnectionType): RedisClient | undefined {
  if (!('options' in client) || 'slots' in client || 'getSentinelNode' in client) return undefined
  const socket = { ...client.options.socket, ...settings.socket }
  return client.duplicate({ ...settings, socket }) as RedisClient
}

/** An adapter that rejects where it fails. */
export function adapterFor(client: RedisClientConnectionType): KeyvRedis<unknown> {
  return new KeyvRedis(client, { throwOnErrors: true, connectionTimeout: settings.socket.connectTimeout })
}
