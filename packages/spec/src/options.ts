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

/** Issues of a valibot schema, as the messages of errors want them. */
export function issuesOf(issues: readonly v.BaseIssue<unknown>[], ...above: (string | number)[]): Issue[] {
  return issues.map((issue) => ({
    path: [...above, v.getDotPath(issue) ?? []].flat().join('.'),
    message: issue.message,
  }))
}

/** Options without those that have their default, so that leaving one out and spelling it out is the same. */
export function withoutDefaults(schema: OptionsSchema, options: object): JsonObject {
  const defaults = v.getDefaults(schema) as unknown as Readonly<Record<string, JsonValue | undefined>>
  const given = Object.entries(options).filter(
    ([name, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(defaults[name]),
  )
  return Object.fromEntries(given)
}

/** An object without the keys whose value is `undefined`: code may write them, data cannot. */
export function withoutUndefined(options: unknown): unknown {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return options
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
