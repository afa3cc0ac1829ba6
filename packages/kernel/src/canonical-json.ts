import type { JsonValue } from './contracts/json-value.ts'
import { errors } from './error-catalogue.ts'

// Deeper values are cycles or mistakes, and would end in a stack overflow.
const deepest = 100

/**
 * JSON with the keys of objects in the order of their code units and without white space: equal values, equal text.
 *
 * @param path - What the value is called in messages.
 * @throws NOT_JSON for what JSON cannot carry faithfully (functions, `undefined`, `NaN`, bigints, dates, class instances).
 */
export function canonicalJson(value: unknown, path: string, depth = 0): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) {
    return JSON.stringify(value)
  }
  if (typeof value !== 'object') throw errors.NOT_JSON({ path, found: kindOf(value) })
  if (depth > deepest) throw errors.NOT_JSON({ path, found: 'a value that is nested too deep' })
  const below = (item: unknown, place: string) => canonicalJson(item, path + place, depth + 1)
  if (Array.isArray(value)) return `[${Array.from(value, (item, index) => below(item, `[${index}]`)).join(',')}]`
  if (!isPlain(value)) throw errors.NOT_JSON({ path, found: kindOf(value) })
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${below(item, `.${key}`)}`).join(',')}}`
}

/** A frozen copy of plain JSON: what its owner does to the value later is of no effect. */
export function frozenJson(value: unknown, path: string): JsonValue {
  return JSON.parse(canonicalJson(value, path), (_, item) => Object.freeze(item))
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  const isOfClass = prototype !== null && Object.getPrototypeOf(prototype) !== null
  return !isOfClass && Object.getOwnPropertySymbols(value).length === 0
}

function kindOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return `an object of class ${value.constructor?.name ?? 'unknown'}`
  return typeof value === 'function' ? 'a function' : `\`${String(value)}\``
}
