import type { RedisClientConnectionType } from '@keyv/redis'
import type { Release, StateCache } from '@latent-image/kernel'
import { BorrowedConnection } from './borrowed-connection.ts'
import { MemoryStateCache } from './memory-state-cache.ts'
import type { CheckedOptions } from './options.ts'
import { OwnConnection } from './own-connection.ts'
import { placeOf } from './place.ts'
import { clientFor, clientLike, type RedisConnection } from './redis-connection.ts'
import { RedisStateCache } from './redis-state-cache.ts'
import { StoreStateCache } from './store-state-cache.ts'
import { isKeyv, isRedisAdapter } from './stores.ts'

/** Makes the cache that the options describe, without connecting to anything, and what releases it. */
export function createStateCache({ store, ttl, ...options }: CheckedOptions): [cache: StateCache, release?: Release] {
  if (store === undefined) return [new MemoryStateCache({ max: options.max ?? 100_000, ttl: ttl ?? 300_000 })]
  const place = placeOf(store, options.namespace)
  const adapter = isKeyv(store) ? store.store : store
  if (typeof adapter === 'string' || isRedisAdapter(adapter)) {
    const connection = typeof adapter === 'string' ? connectTo(adapter) : connectLike(adapter.client)
    return [new RedisStateCache({ connection, place, ttl }), () => connection.release()]
  }
  const keyv = isKeyv(store) ? store.opts : { store }
  const shared = options.shared ?? !(adapter instanceof Map)
  return [new StoreStateCache({ keyv, place, shared, ttl })]
}

function connectTo(url: string): RedisConnection {
  const { protocol, host, pathname } = new URL(url)
  return new OwnConnection(clientFor(url), `\`${protocol}//${host}${pathname}\``)
}

function connectLike(theirs: RedisClientConnectionType): RedisConnection {
  const client = clientLike(theirs)
  return client ? new OwnConnection(client, 'Redis') : new BorrowedConnection(theirs)
}
