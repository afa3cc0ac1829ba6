import { setTimeout } from 'node:timers/promises'
import KeyvRedis, { createClient, type RedisClientConnectionType } from '@keyv/redis'
import { errors } from './errors.ts'

/** Milliseconds without an answer after which a connection counts as dead. Longer than most stalls of an event loop. */
const silence = 1_000

/** Milliseconds between two signs of life on a connection, since a silent one cannot be told from a dead one. */
const pulse = 250

/** Milliseconds that `release` waits for answers under way. */
const farewell = 500

/** What every connection of ours is set to: each wait has an end, and nothing is sent later than it was meant. */
const settings = {
  disableOfflineQueue: true,
  maintNotifications: 'disabled',
  socket: {
    connectTimeout: 500,
    socketTimeout: silence,
    reconnectStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, 500),
  },
} as const

/** A way to Redis that is opened on first use. */
export interface RedisConnection {
  readonly adapter: KeyvRedis<unknown>
  /** For messages, without a password. */
  readonly address: string
  /** Resolves when it is worth sending a command; whether one gets through shows then. */
  ready(): Promise<void>
  release(): Promise<void>
}

/** A connection of our own to a `redis://` or `rediss://` address. */
export function connectTo(url: string): RedisConnection {
  const { protocol, host, pathname } = new URL(url)
  return ownConnection(createClient({ url, ...settings }), `\`${protocol}//${host}${pathname}\``)
}

/**
 * A connection for what somebody's adapter is connected to. From a single server's client only the settings are taken,
 * for a connection of our own; a cluster's or sentinel's client is used as it is, and stays theirs to close.
 */
export function connectLike(client: RedisClientConnectionType): RedisConnection {
  if ('duplicate' in client && 'options' in client && !('slots' in client) && !('getSentinelNode' in client)) {
    const socket = { ...client.options.socket, ...settings.socket }
    return ownConnection(client.duplicate({ ...settings, socket }) as ReturnType<typeof createClient>, 'Redis')
  }
  return { adapter: adapterOf(client), address: 'Redis', ready: async () => {}, release: async () => {} }
}

function adapterOf(client: RedisClientConnectionType): KeyvRedis<unknown> {
  return new KeyvRedis(client, { throwOnErrors: true, connectionTimeout: settings.socket.connectTimeout })
}

function ownConnection(client: ReturnType<typeof createClient>, address: string): RedisConnection {
  const adapter = adapterOf(client)
  let firstAnswer: Promise<void> | undefined
  let heart: NodeJS.Timeout | undefined
  let released = false

  // The adapter would connect by itself, but each time with four more listeners, and never again after a failure.
  const open = () => {
    heart = setInterval(() => client.isReady && client.ping().catch(() => {}), pulse).unref()
    return new Promise<void>((resolve) => {
      client.once('ready', resolve)
      client.once('error', () => resolve())
      // It goes on trying until it is released; failures are told to whoever sends a command.
      client.connect().catch(() => {})
    })
  }

  return {
    adapter,
    address,
    async ready() {
      if (released) throw errors.CACHE_RELEASED({ store: address })
      firstAnswer ??= open()
      await firstAnswer
    },
    async release() {
      released = true
      clearInterval(heart)
      // Never while connecting: the client forgets a socket that opens after it was destroyed.
      await firstAnswer
      if (!client.isOpen) return
      if (!client.isReady) return client.destroy()
      // What is left of a frozen server's connection dies of silence.
      await Promise.race([client.close(), setTimeout(farewell, undefined, { ref: false })])
    },
  }
}
