import * as v from 'valibot'
import { errors } from './errors.ts'
import { entriesOf, issuesOf, type OptionsSchema } from './options.ts'
import { makeProcessor, type Processor, type ProcessorDefinition } from './processor.ts'
import { standardProcessors } from './processors/standard.ts'

const standardNames: ReadonlySet<string> = new Set(standardProcessors.map(({ definition }) => definition.name))

const definitionSchema = v.pipe(
  v.strictObject({
    // The same name and options would stand for other pixels.
    name: v.pipe(
      v.string(),
      v.nonEmpty('Expected a name'),
      v.check((name) => !standardNames.has(name), 'A processor of this package has this name: take one with a `:`'),
    ),
    version: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
    options: v.custom<v.GenericSchema>(
      (schema) => isSchema(schema) && entriesOf(schema) !== undefined && isStrict(schema),
      'Expected a `v.strictObject`, so that an option which does not exist is refused',
    ),
    positional: v.optional(v.array(v.string())),
    complete: v.optional(v.function()),
    apply: v.function(),
    predict: v.optional(v.function()),
  }),
  v.check(
    ({ options, positional = [] }) => positional.every((name) => Object.hasOwn(entriesOf(options) ?? {}, name)),
    'Expected only names of options in `positional`',
  ),
)

function isSchema(value: unknown): value is v.GenericSchema {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema'
}

/** Whether a schema, and those in it, refuse options that they don't name. */
function isStrict(schema: v.GenericSchema): boolean {
  const entries = entriesOf(schema)
  return !entries || (typeOf(schema) === 'strict_object' && Object.values(entries).every(isStrict))
}

function typeOf(schema: v.GenericSchema): string {
  return 'wrapped' in schema ? typeOf(schema.wrapped as v.GenericSchema) : schema.type
}

/**
 * Defines a processor: call the result to use it from code, or hand it to `imageSpecFromData` to use it from data by name.
 *
 * Calls throw INVALID_PROCESSOR, naming the processor, the options and their values.
 *
 * @throws INVALID_PROCESSOR where the definition is wrong.
 */
export function defineProcessor<
  const Schema extends OptionsSchema,
  const Positional extends readonly string[] = readonly [],
>(definition: ProcessorDefinition<Schema, Positional>): Processor<Schema, Positional> {
  const { issues } = v.safeParse(definitionSchema, definition)
  if (!issues) return makeProcessor(definition)
  throw errors.INVALID_PROCESSOR({ processor: String(definition?.name), issues: issuesOf(issues) })
}
