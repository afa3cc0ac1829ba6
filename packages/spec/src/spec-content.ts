import * as v from 'valibot'
import { errors } from './errors.ts'
import {
  type Format,
  type FormatOptions,
  formatDefaults,
  formatSchemas,
  formats,
  sharedOptionsSchema,
} from './formats.ts'
import { type CompleteLimits, type Limits, limitsSchema, limitsThatShow, standardLimits } from './limits.ts'
import { type Issue, issuesOf, type JsonObject, withoutDefaults, withoutUndefined } from './options.ts'
import { type PlaceholderKind, placeholderKind, placeholderSchema } from './placeholder.ts'
import type { AnyProcessor, Step } from './processor.ts'
import { checkSteps, type FoundStep, processorNames, type StepData } from './steps.ts'

interface CommonContent {
  /** What is done to the source, in order. @default [] */
  readonly processors?: readonly (Step | StepData)[] | undefined
  readonly limits?: Limits | undefined
  /** Whether the source is first brought upright as its EXIF orientation asks for. @default true */
  readonly orient?: boolean | undefined
  /** Whether an animation stays one where the format allows; else its first frame is used. @default true */
  readonly animated?: boolean | undefined
  /**
   * What to show until the picture has loaded, kept among its facts as `placeholder`: a ThumbHash in Base64 (`true`), or a
   * tiny picture as a data URI (`inline`). @default false
   */
  readonly placeholder?: boolean | PlaceholderKind | undefined
}

interface ContentOfFormat<F extends Format> extends CommonContent {
  readonly format: F
  /** Options of the encoder. */
  readonly options?: FormatOptions[F] | undefined
}

interface ContentOfAnyFormat extends CommonContent {
  /** The format that the source's name stands for. @default 'auto' */
  readonly format?: 'auto' | undefined
  readonly options?: v.InferInput<typeof sharedOptionsSchema> | undefined
}

/** What an image spec says: processors, then format and options. */
export type SpecContent = { [F in Format]: ContentOfFormat<F> }[Format] | ContentOfAnyFormat

/** A spec's content, checked. */
export interface ResolvedSpec {
  readonly steps: readonly FoundStep[]
  readonly format: Format | undefined
  /** Without those at their default. */
  readonly options: JsonObject
  readonly limits: CompleteLimits
  readonly orient: boolean
  readonly animated: boolean
  readonly placeholder: PlaceholderKind | undefined
}

const contentSchema = v.strictObject({
  processors: v.optional(v.array(v.unknown()), []),
  format: v.optional(v.picklist([...formats, 'auto']), 'auto'),
  options: v.optional(v.record(v.string(), v.unknown()), {}),
  limits: v.optional(limitsSchema, standardLimits),
  orient: v.optional(v.boolean(), true),
  animated: v.optional(v.boolean(), true),
  placeholder: v.optional(placeholderSchema, false),
})

/** Checks a spec's content, whether written in code or read from a file. Returns every mistake with its path. */
export function checkContent(
  content: unknown,
  processors: readonly AnyProcessor[] = [],
): { spec: ResolvedSpec } | { issues: readonly Issue[]; unknown: readonly string[] } {
  const checked = v.safeParse(contentSchema, withoutUndefined(content))
  if (!checked.success) return { issues: issuesOf(checked.issues), unknown: [] }
  const { processors: written, format: named, options: given, placeholder, ...rest } = checked.output
  const format = named === 'auto' ? undefined : named
  const steps = checkSteps(written, processors)
  const schema = format === undefined ? sharedOptionsSchema : formatSchemas[format]
  const options = v.safeParse(schema, withoutUndefined(given))
  const issues = [...steps.issues, ...(options.success ? [] : issuesOf(options.issues, 'options'))]
  if (!options.success || issues.length > 0) return { issues, unknown: steps.unknown }
  const encoding = { format, options: withoutDefaults(options.output, format ? formatDefaults[format] : {}) }
  return { spec: { ...rest, ...encoding, steps: steps.found, placeholder: placeholderKind(placeholder) } }
}

/**
 * A spec's content, checked.
 *
 * @throws INVALID_SPEC, UNKNOWN_PROCESSOR
 */
export function resolveContent(content: unknown, processors: readonly AnyProcessor[] = []): ResolvedSpec {
  const checked = checkContent(content, processors)
  if ('spec' in checked) return checked.spec
  const [processor] = checked.unknown
  if (processor !== undefined && checked.issues.length === checked.unknown.length) {
    throw errors.UNKNOWN_PROCESSOR({ processor, known: processorNames(processors) })
  }
  throw errors.INVALID_SPEC({ issues: checked.issues })
}

/** All that the bytes and facts depend on beside the source. Whatever is at its default is left out. */
export function fingerprintOf(spec: ResolvedSpec): JsonObject {
  const { steps, format, options, limits, orient, animated, placeholder } = spec
  const shown = limitsThatShow(limits)
  return {
    processors: steps.map(({ step: { name, version, options } }) =>
      version === undefined ? [name, options] : [name, version, options],
    ),
    ...(format !== undefined && { format }),
    ...(Object.keys(options).length > 0 && { options }),
    ...(Object.keys(shown).length > 0 && { limits: shown }),
    ...(!orient && { orient }),
    ...(!animated && { animated }),
    ...(placeholder && { placeholder }),
  }
}
