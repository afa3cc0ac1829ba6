import * as v from 'valibot'
import { errors } from './errors.ts'
import type { Size } from './geometry.ts'
import {
  type AnyIssue,
  frozenCopy,
  isPlainObject,
  issuesOf,
  type JsonObject,
  kindOf,
  type OptionsSchema,
  type PlainObject,
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
  /** A valibot `strictObject` of JSON values. They are parsed once for each step; names are made of what was given. */
  readonly options: Schema
  /** Options that a call takes as arguments, in this order, before the others as an object. @default [] */
  readonly positional?: Positional
  /**
   * Fills in defaults that depend on other options, before these are checked. What it returns is completed once more when
   * a step comes back as data, without the defaults of `options`: that must change nothing.
   */
  complete?(options: PlainObject): PlainObject
  /** Says what is to be done to the picture. Must depend on nothing but its arguments, and leave them as they are. */
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
}

/** Any processor, whatever its options. */
export interface AnyProcessor {
  readonly definition: ProcessorDefinition
}

/** A step that was checked, ready to be applied. */
export interface PreparedStep {
  readonly step: Step
  readonly definition: ProcessorDefinition
  /** Parsed, and so complete. */
  readonly options: object
}

// Not enumerable on the step, so that it stays plain data, and shared by all copies of this package.
const preparation = Symbol.for('latent-image.prepared-step')

/** Makes a processor of a definition that is known to be sound, as those of this package are. */
export function makeProcessor<
  const Schema extends OptionsSchema,
  const Positional extends readonly string[] = readonly [],
>(definition: ProcessorDefinition<Schema, Positional>): Processor<Schema, Positional> {
  const { name, positional = [] } = definition
  const call = (...values: unknown[]): Step => {
    const { options, issues } = readCall(values, positional)
    const made = issues.length > 0 ? { issues } : prepareStep(definition as unknown as ProcessorDefinition, options)
    if ('issues' in made) throw errors.INVALID_PROCESSOR({ processor: name, issues: issuesOf(made.issues) })
    return made.step
  }
  return Object.assign(call, { definition }) as Processor<Schema, Positional>
}

/** The options that a call was given, by name. */
function readCall(values: readonly unknown[], positional: readonly string[]) {
  const [others = {}, ...surplus] = values.slice(positional.length)
  const issues: AnyIssue[] = (isPlainObject(others) ? surplus : [others]).map((value) => ({
    message: `Expected (${[...positional, '{ … }'].join(', ')}), but received ${kindOf(value)} as well`,
  }))
  const named = isPlainObject(others) ? withoutUndefined(others) : {}
  const placed = Object.fromEntries(
    positional.flatMap((name, index) => (values[index] === undefined ? [] : [[name, values[index]]])),
  )
  for (const name of Object.keys(placed)) {
    if (name in named) issues.push({ message: `\`${name}\` was given twice` })
  }
  return { options: { ...placed, ...named }, issues }
}

/** Checks a processor's options and makes a step of them. */
export function prepareStep(
  definition: ProcessorDefinition,
  written: unknown,
): PreparedStep | { readonly issues: readonly AnyIssue[] } {
  const { name, version = 1, options: schema, complete } = definition
  const given = frozenCopy(complete && isPlainObject(written) ? complete(written) : written)
  const { success, output, issues } = v.safeParse(schema, given)
  if (!success) return { issues }
  const step: Step = {
    name,
    ...(version === 1 ? {} : { version }),
    options: withoutDefaults(given as object, schema),
  }
  const prepared = { step, definition, options: output }
  Object.freeze(Object.defineProperty(step, preparation, { value: prepared }))
  return prepared
}

/** What a step was made with, unless it came as mere data. */
export function preparationOf(step: object): PreparedStep | undefined {
  return (step as { [preparation]?: PreparedStep })[preparation]
}
