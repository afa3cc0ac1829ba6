import type { Keyv } from 'keyv'
import { isKeyv, isRedisAdapter, type Store } from './stores.ts'

/** Where a store keeps a key: its adapter may put the namespace before it, and `prefix` comes before it anyway. */
export interface Place {
  readonly namespace: string | undefined
  readonly prefix: string
}

/** The place where a Keyv has its values, or where one made for the address or adapter has them. */
export function placeOf(store: string | Keyv | Store, namespace: string | undefined): Place {
  if (isKeyv(store)) return { namespace: store.namespace, prefix: prefixOf(store) }
  if (typeof store === 'string') return { namespace: namespace ?? 'latent-image', prefix: '' }
  if (isRedisAdapter(store)) return { namespace: namespace ?? store.namespace ?? 'latent-image', prefix: '' }
  const own = namespace ?? 'latent-image'
  return { namespace: own, prefix: `${own}:` }
}

function prefixOf({ namespace, useKeyPrefix }: Keyv): string {
  return useKeyPrefix && namespace ? `${namespace}:` : ''
}
