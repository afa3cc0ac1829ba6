import { errors } from './error-catalogue.ts'

/** The part of the Standard Schema interface that checking options needs; valibot, zod and arktype have it. */
export interface OptionsSchema<Output> {
  readonly '~standard': { validate(value: unknown): SchemaResult<Output> | Promise<SchemaResult<Output>> }
  /** The options there are, where the schema tells them, as valibot's objects do. */
  readonly entries?: object
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey; readonly origin?: unknown })[] | undefined
  /** In valibot: `never` for a key that an object does not have. */
  readonly expected?: string | null
}

/**
 * Checks a plugin's options with a synchronous Standard Schema and returns them as a new frozen object.
 *
 * @param plugin - Name of the plugin, for the message.
 * @throws INVALID_OPTIONS naming plugin, option and value, all mistakes at once.
 */
export function checkOptions<Output extends object>(
  plugin: string,
  schema: OptionsSchema<Output>,
  options: unknown = {},
): Readonly<Output> {
  const result = schema['~standard'].validate(options)
  if (result instanceof Promise) throw new TypeError(`The options schema of \`${plugin}\` is asynchronous.`)
  if (result.issues) {
    const issues = result.issues.flatMap((issue) => described(issue, options, schema.entries))
    throw errors.INVALID_OPTIONS({ plugin, issues: issues.join('; ') })
  }
  return Object.freeze({ ...result.value })
}

function described(
  { message, path = [], expected }: SchemaIssue,
  options: unknown,
  entries?: object,
): string | string[] {
  const steps = path.map((step) => String(typeof step === 'object' ? step.key : step))
  const place = steps.join('.')
  const last = path.at(-1)
  if (typeof last !== 'object' || last.origin !== 'key') return place ? `${place}: ${message}` : message
  if (expected !== 'never') return `${place}: required, and not given`
  if (!entries || steps.length > 1) return `${place}: unknown option`
  // A schema tells of the first such key only.
  const unknown = Object.keys(options as object).filter((key) => !(key in entries))
  const known = Object.keys(entries).map((key) => `\`${key}\``)
  return unknown.map((key) => `${key}: unknown option, expected ${known.length > 0 ? known.join(', ') : 'none at all'}`)
}
