import type { JsonValue } from './contracts/json-value.ts'
import { errors } from './error-catalogue.ts'

// Deeper values are cycles or mistakes, and would end in a stack overflow.
const deepest = 100

/**
 * JSON with the keys of objects in the order of their code units and without white space: equal values, equal text.
 *
 * @throws NOT_JSON for what JSON cannot carry faithfully (functions, `undefined`, `NaN`, bigints, dates, class instances).
 */
export function canonicalJson(value: unknown, path = '', depth = 0): string {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return JSON.stringify(value)
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
  if (typeof value !== 'object' || depth > deepest) throw errors.NOT_JSON({ path, found: describe(value) })
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item, index) => canonicalJson(item, `${path}[${index}]`, depth + 1)).join(',')}]`
  }
  const prototype = Object.getPrototypeOf(value)
  if (
    (prototype !== null && Object.getPrototypeOf(prototype) !== null) ||
    Object.getOwnPropertySymbols(value).length > 0
  ) {
    throw errors.NOT_JSON({ path, found: describe(value) })
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  const member = ([key, item]: [string, unknown]) =>
    `${JSON.stringify(key)}:${canonicalJson(item, path ? `${path}.${key}` : key, depth + 1)}`
  return `{${entries.map(member).join(',')}}`
}

/** Returns a value as it is, once it is known to be plain JSON. */
export function assertJson(value: unknown): JsonValue {
  canonicalJson(value)
  return value as JsonValue
}

function describe(value: unknown): string {
  if (typeof value === 'object' && value !== null) return `an object of class ${value.constructor?.name ?? 'unknown'}`
  return typeof value === 'function' ? 'a function' : `\`${String(value)}\``
}
