import type { FileState } from '@latent-image/kernel'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const optional = (value: unknown, check: (value: unknown) => boolean) => value === undefined || check(value)

const isClaim = (value: unknown) => isObject(value) && typeof value.until === 'number'

/** Whether a value read back from a store can be a record: others may write there too. */
export function isRecord(value: unknown): value is FileState {
  return (
    isObject(value) &&
    typeof value.version === 'string' &&
    optional(value.bytes, (bytes) => bytes === 'present' || bytes === 'absent') &&
    optional(value.facts, isObject) &&
    optional(value.work, isClaim) &&
    optional(value.failure, isClaim)
  )
}

/**
 * Whether forgetting the record would do harm: old bytes would pass for fresh ones, or a file would be made twice.
 */
export function mustBeKept(record: FileState): boolean {
  return record.stale === true || record.work !== undefined
}

/**
 * Whole milliseconds until a record may be forgotten, or `undefined` for never.
 *
 * @param ttl - What the cache was told at its making; not for records that must be kept.
 * @param ttlMs - What the swap asks for.
 */
export function lifetimeOf(record: FileState, ttl = Infinity, ttlMs = Infinity): number | undefined {
  const lifetime = Math.min(mustBeKept(record) ? Infinity : ttl, ttlMs)
  if (lifetime === Infinity) return undefined
  return Math.min(Math.max(Math.ceil(lifetime), 1), Number.MAX_SAFE_INTEGER)
}

/** A deep copy of plain JSON that nobody can change, without what is `undefined`. */
export function frozenCopy<Value>(value: Value): Value {
  return copy(value) as Value
}

// Property by property: freezing an object that was spread takes four times as long.
function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Object.freeze(value.map(copy))
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const item = copy((value as Record<string, unknown>)[key])
    if (key === '__proto__') Object.defineProperty(result, key, { value: item, enumerable: true })
    else if (item !== undefined) result[key] = item
  }
  return Object.freeze(result)
}
