import type {
  Facts,
  GeneratedImage,
  GenerateInput,
  GeneratorDefinition,
  JsonValue,
  MadeFrom,
  Namer,
  Plugin,
  SourceReference,
} from '@latent-image/kernel'
import type { Size } from './geometry.ts'
import type { OpenImage } from './open-image.ts'
import type { DeclaredParams } from './params.ts'
import type { SourceSize } from './plan.ts'
import type { AnyProcessor } from './processor.ts'
import type { SpecContent } from './spec-content.ts'

/** What a generator can be given beside its spec. */
export interface SpecSettings {
  /** The innermost scope, for this generator alone. */
  readonly plugins?: readonly Plugin[] | undefined
  readonly namer?: Namer | undefined
  /** Processors of one's own that steps written as data may name. Steps made by a call bring their own. */
  readonly use?: readonly AnyProcessor[] | undefined
  /** Opens images that processors name, such as a watermark. @default where a kernel finds the sources of the spec */
  readonly openImage?: OpenImage | undefined
}

export interface DynamicSpecSettings<Declared extends DeclaredParams> extends SpecSettings {
  /** The values that each param may have: others are refused, and all combinations can be enumerated. */
  readonly params?: Declared | undefined
}

/** An image spec, as a generator that can be registered, and as a function of its own. */
export interface ImageSpec<Params = JsonValue> extends GeneratorDefinition<Params> {
  readonly source: 'required'
  /**
   * Reads the facts of a derivative.
   *
   * @param from - What it was made from, without which a dynamic spec cannot know whether there was a placeholder.
   */
  inspect(data: Uint8Array, from?: MadeFrom<Params>): Promise<Facts>
  /** For the kernel. */
  generate(input: GenerateInput<Params>): Promise<GeneratedImage>
  /** Without a kernel: makes the derivative of a picture at hand, in the picture's own format if the spec has none. */
  generate(data: Uint8Array | ArrayBuffer, params?: Params): Promise<GeneratedImage>
  /**
   * The size that comes out, without any image work: `undefined` where only making it tells.
   *
   * @param size - The source's, as it is stored, with its EXIF orientation.
   * @param source - What a dynamic spec is shown of the source.
   */
  predict(size: SourceSize, params?: Params, source?: SourceReference): Size | undefined
  /** The limits that a source's header is held to: params of `latent-image:source-size`. */
  headerLimits(params?: Params, source?: SourceReference): JsonValue
}

/** Makes the content of a spec from a source (without its bytes) and params. Must depend on nothing else. */
export type MakeContent<Params> = (source: SourceReference, params: Params) => SpecContent
