import { errors } from './error-catalogue.ts'

/** The part of the Standard Schema interface (version 1) that checking options needs; valibot, zod and arktype have it. */
export interface OptionsSchema<Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    validate(value: unknown): SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

/** Where an issue is, as `limits.pixels`; empty for the value itself. */
export function pathOfIssue({ path = [] }: SchemaIssue): string {
  return path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.')
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
    const issues = result.issues.map((issue) => [pathOfIssue(issue), issue.message].filter(Boolean).join(': '))
    throw errors.INVALID_OPTIONS({ plugin, issues: issues.join('; ') })
  }
  return Object.freeze({ ...result.value })
}
