import { isDeepStrictEqual } from 'node:util'
import type { JsonValue } from '@latent-image/kernel'
import * as v from 'valibot'

/** A valibot schema of an object with named options. */
export type OptionsSchema = v.GenericSchema<unknown, object>

export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** Plain data of which nothing is known yet. */
export type PlainObject = Readonly<Record<string, unknown>>

export interface Issue {
  readonly path: string
  readonly message: string
}

/** An issue as valibot tells it, or as we tell one ourselves. */
export type AnyIssue = v.BaseIssue<unknown> | { readonly message: string }

/** Issues of a valibot schema, as the messages of errors want them. */
export function issuesOf(issues: readonly AnyIssue[], ...above: readonly (string | number)[]): Issue[] {
  return issues.map((issue) => {
    const below = 'kind' in issue ? v.getDotPath(issue) : null
    return { path: [...above, ...(below ? [below] : [])].join('.'), message: textOf(issue) }
  })
}

function textOf(issue: AnyIssue): string {
  const isUnknown = 'kind' in issue && issue.type === 'strict_object' && issue.expected === 'never'
  return isUnknown ? 'There is no option of this name' : issue.message
}

interface Parts {
  /** Of `v.optional` and its like. */
  readonly wrapped?: v.GenericSchema
  readonly entries?: Readonly<Record<string, v.GenericSchema>>
}

/** The schemas of the options that a schema names; `undefined` where it is not one of an object. */
export function entriesOf(schema: v.GenericSchema): Parts['entries'] {
  const { wrapped, entries } = schema as Parts
  return wrapped ? entriesOf(wrapped) : entries
}

/** Options as they were given, without those that have their default, so that leaving one out and spelling it out is the same. */
export function withoutDefaults(given: object, schema: v.GenericSchema): JsonObject {
  const entries = entriesOf(schema) ?? {}
  const differing: Record<string, JsonValue> = {}
  for (const [name, value] of Object.entries(given)) {
    const entry = entries[name]
    const shortest = entry ? inside(value, entry) : (value as JsonValue)
    if (!entry || !isSame(shortest, inside(v.getDefault(entry), entry))) differing[name] = shortest
  }
  return Object.freeze(differing)
}

function inside(value: unknown, schema: v.GenericSchema): JsonValue {
  return entriesOf(schema) && isPlainObject(value) ? withoutDefaults(value, schema) : (value as JsonValue)
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === 'object' && isDeepStrictEqual(one, other))
}

/** A frozen copy of plain data, without keys whose value is `undefined`: code may write them, data cannot. */
export function frozenCopy(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy))
  if (!isPlainObject(value)) return value
  const given = Object.entries(value).filter(([, part]) => part !== undefined)
  return Object.freeze(Object.fromEntries(given.map(([name, part]) => [name, frozenCopy(part)])))
}

/** An object without the keys whose value is `undefined`. */
export function withoutUndefined(object: PlainObject): PlainObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}

/** Whether something is an object as JSON has them: no list, map, date, promise. */
export function isPlainObject(value: unknown): value is PlainObject {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // Objects of another realm, as some loaders of configs make them, have another `Object.prototype`.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** What somebody gave, for those who gave the wrong thing. */
export function kindOf(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? `a ${value.constructor?.name ?? 'object'}` : String(value)
}

/** Whether somebody gave a promise where the thing itself is needed; that it may reject is then of no interest. */
export function isPromise(value: unknown): boolean {
  if (!(value instanceof Promise)) return false
  value.catch(() => {})
  return true
}
