import type { RedisOptions } from 'ioredis'
import * as v from 'valibot'

const text = v.optional(v.string())
const name = v.optional(v.pipe(v.string(), v.nonEmpty()))
const settings = v.optional(v.looseObject({}))
const whole = (most: number) => v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(most)))

const entries = {
  host: name,
  port: whole(65_535),
  family: v.optional(v.picklist([0, 4, 6])),
  path: name,
  tls: settings,
  username: text,
  password: text,
  db: whole(Number.MAX_SAFE_INTEGER),
  connectionName: text,
  sentinels: v.optional(v.array(v.looseObject({}))),
  name,
  role: v.optional(v.picklist(['master', 'slave'])),
  sentinelUsername: text,
  sentinelPassword: text,
  sentinelTLS: settings,
  enableTLSForSentinelMode: v.optional(v.boolean()),
  natMap: v.optional(v.custom((value) => typeof value === 'function' || typeof value === 'object')),
}

/** Options of ioredis that say where Redis is and as whom to use it; how patient a connection is depends on its use here. */
export type ConnectionOptions = Pick<RedisOptions, keyof typeof entries>

const expected = 'Expected a `redis://` or `rediss://` address with a host, or an object with options of ioredis'

const isAddress = (value: string) =>
  URL.canParse(value) && /^rediss?:$/.test(new URL(value).protocol) && new URL(value).hostname !== ''

const address = v.pipe(v.string(), v.check(isAddress, expected))

const isPlain = (value: unknown) =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value))

// A client of the caller's cannot serve: those who schedule and those who work need connections of their own.
const plain = v.custom<object>(isPlain, `${expected} (not a client of it)`)

const options = v.pipe(
  plain,
  v.strictObject(entries),
  v.transform((checked) => checked as ConnectionOptions),
)

/** A password is never shown. */
export const connectionSchema: v.GenericSchema<unknown, string | ConnectionOptions> = v.lazy((value) =>
  typeof value === 'string' ? address : options,
)
