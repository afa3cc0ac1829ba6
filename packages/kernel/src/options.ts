import { errors } from './error-catalogue.ts'

/** The part of the Standard Schema interface that checking options needs; valibot, zod and arktype have it. */
export interface OptionsSchema<Output> {
  readonly '~standard': { validate(value: unknown): SchemaResult<Output> | Promise<SchemaResult<Output>> }
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
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
  if (result.issues) throw errors.INVALID_OPTIONS({ plugin, issues: result.issues.map(described).join('; ') })
  return Object.freeze({ ...result.value })
}

function described({ message, path = [] }: SchemaIssue): string {
  const steps = path.map((step) => String(typeof step === 'object' ? step.key : step))
  return steps.length > 0 ? `${steps.join('.')}: ${message}` : message
}
