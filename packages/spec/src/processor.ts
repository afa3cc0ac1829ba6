import * as v from 'valibot'
import { errors } from './errors.ts'
import type { Size } from './geometry.ts'
import {
  defaultsOf,
  issuesOf,
  type JsonObject,
  type OptionsSchema,
  withoutDefaults,
  withoutUndefined,
} from './options.ts'
import type { Picture } from './picture.ts'

/** A processor with its options: plain data, to be hashed, printed, or sent to another process. */
export interface Step {
  readonly name: string
  /** Left out where it is 1. */
  readonly version?: number
  /** As they were given; those at their default are left out. */
  readonly options: JsonObject
}

/** Input of a schema: what callers write. */
type Input<Schema extends OptionsSchema> = v.InferInput<Schema>

/** Output of a schema: options with their defaults. */
type Output<Schema extends OptionsSchema> = v.InferOutput<Schema>

type Rest<Options> = Record<never, never> extends Options ? [options?: Options] : [options: Options]

/** The arguments of a processor's call: the options named in `positional`, then the others as an object. */
export type StepArguments<Options, Positional extends readonly string[]> = Positional extends readonly [
  infer First extends keyof Options & string,
  ...infer Others extends readonly string[],
]
  ? undefined extends Options[First]
    ? [value?: Options[First], ...others: StepArguments<Omit<Options, First>, Others>]
    : [value: Options[First], ...others: StepArguments<Omit<Options, First>, Others>]
  : Rest<Options>

export interface ProcessorDefinition<
  Schema extends OptionsSchema = OptionsSchema,
  Positional extends readonly string[] = readonly string[],
> {
  /** How data names it. Names with a `:` are never used by this package, such as `acme:vignette`. */
  readonly name: string
  /** Another version gives files another name: raise it whenever the same options make other pixels. @default 1 */
  readonly version?: number
  /** A valibot `strictObject` of JSON values. */
  readonly options: Schema
  /** Options that a call takes as arguments, in this order, before the others as an object. @default [] */
  readonly positional?: Positional
  /** Says what is to be done to the picture. Must depend on nothing but its arguments. */
  apply(picture: Picture, options: Output<Schema>): Picture
  /** The size that comes out, where `apply` leaves it open but it can be told from the options. */
  predict?(size: Size, options: Output<Schema>): Size | undefined
}

/** A processor: call it with its options to use it in a spec. */
export interface Processor<
  Schema extends OptionsSchema = OptionsSchema,
  Positional extends readonly string[] = readonly string[],
> {
  (...options: StepArguments<Input<Schema>, Positional>): Step
  readonly definition: ProcessorDefinition<Schema, Positional>
  readonly defaults: JsonObject
}

/** Any processor, whatever its options. */
export interface AnyProcessor {
  readonly definition: ProcessorDefinition
  /** The defaults of its options, by name. */
  readonly defaults: JsonObject
}

// Not enumerable on the step, so that it stays plain data, and shared by all copies of this package.
const implementation = Symbol.for('latent-image.processor')

/**
 * Defines a processor: call the result to use it from code, or hand it to `imageSpecFromData` to use it from data by name.
 *
 * Calls throw INVALID_PROCESSOR, naming the processor, the options and their values.
 */
export function defineProcessor<
  const Schema extends OptionsSchema,
  const Positional extends readonly string[] = readonly [],
>(definition: ProcessorDefinition<Schema, Positional>): Processor<Schema, Positional> {
  const { positional = [] } = definition
  const call = (...values: unknown[]): Step => {
    const options: Record<string, unknown> = { ...(values[positional.length] ?? {}) }
    for (const [index, name] of positional.entries()) options[name] = values[index]
    return makeStep(processor as unknown as AnyProcessor, options)
  }
  const defaults = Object.freeze(withoutDefaults(defaultsOf(definition.options), {}))
  const processor = Object.assign(call, { definition, defaults }) as Processor<Schema, Positional>
  return processor
}

function makeStep(processor: AnyProcessor, options: unknown): Step {
  const { step, issues } = checkStep(processor, withoutUndefined(options))
  if (step) return step
  throw errors.INVALID_PROCESSOR({ processor: processor.definition.name, issues: issuesOf(issues) })
}

type CheckedStep =
  | { readonly step: Step; readonly issues?: undefined }
  | { readonly step?: undefined; readonly issues: readonly v.BaseIssue<unknown>[] }

/** Checks a processor's options and makes a step of them. */
export function checkStep(processor: AnyProcessor, options: unknown): CheckedStep {
  const { name, version = 1, options: schema } = processor.definition
  const result = v.safeParse(schema, options)
  if (!result.success) return { issues: result.issues }
  const step: Step = {
    name,
    ...(version === 1 ? {} : { version }),
    options: Object.freeze(withoutDefaults(result.output, processor.defaults)),
  }
  return { step: Object.freeze(Object.defineProperty(step, implementation, { value: processor })) }
}

/** The processor that a step was made with, unless the step came as mere data. */
export function processorOf(step: object): AnyProcessor | undefined {
  return (step as { [implementation]?: AnyProcessor })[implementation]
}
