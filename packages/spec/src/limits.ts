import * as v from 'valibot'
import { type CountedLimit, errors } from './errors.ts'
import type { JsonObject } from './options.ts'
import { withoutDefaults } from './options.ts'

const count = (standard: number, most = Number.MAX_SAFE_INTEGER) =>
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most)), standard)

/**
 * Frames or pages that a file may have, whatever is made of it: sharp looks at each as soon as it reads the header, and
 * some of its decoders take the square of their number in time.
 */
export const mostFrames = 10_000

/** What a spec refuses to work on, and what it never makes. */
export const limitsSchema = v.strictObject({
  bytes: count(64 * 1024 * 1024),
  pixels: count(50_000_000),
  avifPixels: count(24_000_000),
  frames: count(500, mostFrames),
  channels: count(5),
  outputSide: count(16_383, 16_383),
  avifEffort: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(9)), 6),
  seconds: count(60, 3600),
  svg: v.optional(v.boolean(), false),
})

/** Limits of a spec; what is left out has its default. */
export interface Limits {
  /** Size of the source in bytes. @default 67108864 (64 MiB) */
  readonly bytes?: number | undefined
  /** Pixels of the source, all frames of an animation together, and of any picture on the way. @default 50000000 */
  readonly pixels?: number | undefined
  /** Pixels of an AVIF source: decoding one takes 18 bytes of memory per pixel. @default 24000000 */
  readonly avifPixels?: number | undefined
  /**
   * Frames of an animation that are decoded. At most 10,000, which is also what a file may have of frames or pages where
   * only the first is used. @default 500
   */
  readonly frames?: number | undefined
  /** Channels of the source; more than its colors and one for transparency are never read. @default 5 */
  readonly channels?: number | undefined
  /** Longest side of the result in pixels: a larger one is scaled down to it. At most what WebP allows. @default 16383 */
  readonly outputSide?: number | undefined
  /** Highest `effort` of the AVIF encoder, whatever `options` ask for. @default 6 */
  readonly avifEffort?: number | undefined
  /**
   * Seconds after which work is given up where sharp can be interrupted, which is not everywhere: only a process that can
   * be killed is a true deadline. At most 3600. @default 60
   */
  readonly seconds?: number | undefined
  /** Accepts SVG. Small ones can keep a processor busy for minutes: only for sources you trust. @default false */
  readonly svg?: boolean | undefined
}

export type CompleteLimits = v.InferOutput<typeof limitsSchema>

export const standardLimits: CompleteLimits = v.parse(limitsSchema, {})

/** Those limits that a header is held to as it is read, where they are not at their default. */
export function limitsOfHeaders({ bytes, svg }: CompleteLimits): JsonObject {
  return withoutDefaults({ bytes, svg }, limitsSchema)
}

/** Those limits that can show in the bytes, where they are not at their default. */
export function limitsThatShow({ outputSide, avifEffort }: CompleteLimits): JsonObject {
  return withoutDefaults({ outputSide, avifEffort }, limitsSchema)
}

/** @throws SOURCE_TOO_LARGE */
export function assertAtMost(limit: CountedLimit, found: number, allowed: number, source: string): void {
  if (found > allowed) throw errors.SOURCE_TOO_LARGE({ source, limit, found, allowed })
}
