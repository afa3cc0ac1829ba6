import type { Keyv } from 'keyv'
import * as v from 'valibot'
import { isKeyv, isRedisUrl, isStore, type Store } from './stores.ts'

export interface KeyvCacheOptions {
  /**
   * Where the records are: a `redis://` or `rediss://` address, a Keyv, or a Keyv storage adapter.
   *
   * @default the memory of this process
   */
  readonly store?: string | Keyv | Store
  /**
   * Keeps the keys apart from others in the same store. A Keyv brings its own.
   *
   * @default 'latent-image'
   */
  readonly namespace?: string
  /**
   * How many records the memory holds; the ones used longest ago go first.
   *
   * @default 100_000
   */
  readonly max?: number
  /**
   * Milliseconds after which a record may be forgotten, unless that would do harm (it is stale, or work goes on).
   *
   * @default 300_000 in memory, since other processes may have changed things; never in a store
   */
  readonly ttl?: number
  /**
   * Whether other processes see the same records. Redis always is.
   *
   * @default true for a store, false for memory and for a `Map`
   */
  readonly shared?: boolean
}

const isPlace = (value: unknown) => (typeof value === 'string' ? isRedisUrl(value) : isStore(value))

function messageForStore({ input, received }: v.CustomIssue): string {
  // An address may contain a password.
  const shown = typeof input === 'string' ? `"${input.replace(/\/\/.*@/, '//…@')}"` : received
  return `Expected a \`redis://\` or \`rediss://\` address, a Keyv or a Keyv storage adapter, but received ${shown}`
}

export const optionsSchema = v.pipe(
  v.strictObject({
    store: v.optional(v.custom<string | Keyv | Store>(isPlace, messageForStore)),
    namespace: v.optional(v.pipe(v.string(), v.nonEmpty('expected at least one character'))),
    max: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
    ttl: v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0))),
    shared: v.optional(v.boolean()),
  }),
  v.check(
    ({ max, store }) => max === undefined || store === undefined,
    '`max` is for memory; a store has its own limits',
  ),
  v.check(
    ({ shared, store }) => shared === undefined || store !== undefined,
    '`shared` is for a store; memory never is',
  ),
  v.check(
    ({ namespace, store }) => namespace === undefined || !isKeyv(store),
    '`namespace` is for an address or an adapter; set the one of the Keyv',
  ),
)

/** The options, once they are checked. */
export type CheckedOptions = Readonly<v.InferOutput<typeof optionsSchema>>
