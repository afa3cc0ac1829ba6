import type KeyvRedis from '@keyv/redis'
import type { Keyv, KeyvStoreAdapter } from 'keyv'

// Told apart by their shape: an application may have another copy of Keyv than this package.

export type Store = KeyvStoreAdapter | Map<string, unknown>

const has = (value: unknown, ...names: readonly string[]): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && names.every((name) => name in value)

/** Whether Keyv takes a value for a storage adapter. */
export function isStore(value: unknown): value is Store {
  return has(value, 'get', 'set', 'delete', 'clear')
}

export function isKeyv(value: unknown): value is Keyv {
  return isStore(value) && has(value, 'opts', 'store', 'useKeyPrefix', 'throwOnErrors')
}

/** Whether a value is an adapter of `@keyv/redis`. */
export function isRedisAdapter(value: unknown): value is KeyvRedis<unknown> {
  return isStore(value) && has(value, 'client', 'getClient', 'createKeyPrefix', 'keyPrefixSeparator')
}

/** Whether a text is an address that `connectTo` accepts, its path being the number of a database. */
export function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, pathname } = new URL(text)
  return /^rediss?:$/.test(protocol) && hostname !== '' && /^\/?\d*$/.test(pathname)
}
