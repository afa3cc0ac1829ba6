import type * as v from 'valibot'
import type { Format, FormatOptions, sharedOptionsSchema } from './formats.ts'
import { type CompleteLimits, type Limits, limitsThatShow } from './limits.ts'
import type { JsonObject } from './options.ts'
import type { PlaceholderKind } from './placeholder.ts'
import type { PreparedStep, Step } from './processor.ts'
import type { StepData } from './steps.ts'

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
  readonly steps: readonly PreparedStep[]
  readonly format: Format | undefined
  /** Without those at their default. */
  readonly options: JsonObject
  readonly limits: CompleteLimits
  readonly orient: boolean
  readonly animated: boolean
  readonly placeholder: PlaceholderKind | undefined
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
