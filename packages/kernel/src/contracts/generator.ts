import type { JsonValue } from './json-value.ts'
import type { Plugin } from './plugin.ts'
import type { Source, SourceReference } from './source.ts'

/** What is known of an encoded image, beside whatever its generator adds (a placeholder, say). Plain JSON. */
export interface Facts {
  /** Pixels. */
  readonly width: number
  /** Pixels. */
  readonly height: number
  /** Media type, such as `image/webp`. */
  readonly type: string
  /** Bytes. The kernel fills it in. */
  readonly size?: number
  readonly [more: string]: JsonValue | undefined
}

/** What a namer may build a file name from. */
export interface NamerInput {
  /** Id of the generator. */
  readonly generator: string
  /** The source, where there is one. Its name is data from outside: show `shownName` instead. */
  readonly source: SourceReference | undefined
  /** The source's name (or the generator's id) cleaned for use in a path, without extension. */
  readonly shownName: string
  /** 32 hex digits; the first 8 are the same for everything made from one source. */
  readonly hash: string
  /** Without a dot. */
  readonly extension: string
  /** The configured prefix, `CACHE/images` by default. */
  readonly prefix: string
}

/**
 * The pure function from generator to file name. The name must contain `hash` whole (so that no two files meet), and what
 * comes before it may depend on the generator and on the source's name alone (so that everything made from one source can
 * be listed).
 */
export type Namer = (input: NamerInput) => string

/** What `generate` works from. */
export interface GenerateInput<Params> {
  readonly source?: Source
  readonly params: Params
  /**
   * Opens another original, such as a watermark, by its name, where the generator's sources are found. Rejects with
   * `FILE_NOT_FOUND` if there is none. The kernel provides it.
   */
  readonly openSource?: (name: string) => Promise<Uint8Array>
  /** Aborted when nobody can use the result any more. */
  readonly signal: AbortSignal
}

/** What bytes were made from. */
export interface MadeFrom<Params> {
  readonly source?: SourceReference | undefined
  readonly params: Params
}

/** One encoded image. */
export interface GeneratedImage {
  readonly data: Uint8Array
  readonly facts: Facts
}

// A method, whose parameter need not fit exactly: generators of any params fit into one registry.
interface FingerprintOf<Params> {
  fingerprint(source: SourceReference | undefined, params: Params): JsonValue
}

/** What is registered under an id; `imageSpec()` makes one. */
export interface GeneratorDefinition<Params = JsonValue> {
  readonly source: 'required' | 'none'
  /**
   * `jpeg`, `png`, `webp`, `avif`, `gif`, `tiff` or any other name, which is then the extension. Left out, the `format`
   * of the fingerprint decides, then the extension of the source's name, then JPEG.
   */
  readonly format?: string
  /** The innermost scope, for this generator alone. */
  readonly plugins?: readonly Plugin[]
  readonly namer?: Namer
  /** Params to enumerate where a source group brings none. @default [{}] */
  readonly variants?: readonly Params[]
  /** All that the bytes depend on beside the source. As a value it is hashed once; params then enter the hash too. */
  fingerprint: JsonValue | FingerprintOf<Params>['fingerprint']
  /** Makes the image. A fault of the source is thrown as a `LatentImageError` whose `fault` is `source`. */
  generate(input: GenerateInput<Params>): Promise<GeneratedImage>
  /**
   * Reads the facts of bytes that were made before; the kernel tells from what. Left out, facts that got lost cost a new
   * generation.
   */
  inspect?(data: Uint8Array, from?: MadeFrom<Params>): Promise<Facts>
}

/** A registered generator, as hooks see it. */
export interface Generator {
  readonly id: string
  readonly definition: GeneratorDefinition
}
