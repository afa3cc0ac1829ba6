import type { JsonValue } from '@latent-image/kernel'
import * as v from 'valibot'

/** A valibot schema of an object with named options. */
export type OptionsSchema = v.GenericSchema<unknown, object>

export interface JsonObject {
  readonly [key: string]: JsonValue
}

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
    return { path: [...above, ...(below ? [below] : [])].join('.'), message: messageOf(issue) }
  })
}

function messageOf(issue: AnyIssue): string {
  const isUnknown = 'kind' in issue && issue.type === 'strict_object' && issue.expected === 'never'
  return isUnknown ? 'There is no option of this name' : issue.message
}

type Defaults = Readonly<Record<string, JsonValue | undefined>>

/** The defaults of a schema's options, by name. */
export function defaultsOf(schema: OptionsSchema): Defaults {
  return v.getDefaults(schema) as unknown as Defaults
}

/** Options without those that have their default, so that leaving one out and spelling it out is the same. */
export function withoutDefaults(options: object, defaults: Defaults): JsonObject {
  const given: Record<string, JsonValue> = {}
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !isSame(value, defaults[name])) given[name] = value
  }
  return given
}

function isSame(value: unknown, other: unknown): boolean {
  return value === other || (typeof value === 'object' && JSON.stringify(value) === JSON.stringify(other))
}

/** An object without the keys whose value is `undefined`: code may write them, data cannot. */
export function withoutUndefined(options: unknown): unknown {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return options
  if (!Object.values(options).includes(undefined)) return options
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
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
