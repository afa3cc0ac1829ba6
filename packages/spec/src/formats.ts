import type { Sharp } from 'sharp'
import * as v from 'valibot'
import type { JsonObject } from './options.ts'

const quality = (standard: number) => v.optional(integer(1, 100), standard)
const flag = (standard: boolean) => v.optional(v.boolean(), standard)

function integer(least: number, most: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most))
}

// A palette has 1, 2, 4 or 8 bits: sharp takes other numbers to mean the next of these.
const paletteSize = v.optional(v.picklist([2, 4, 16, 256]), 256)

/**
 * The options of each output format. The defaults sit on the knee of the measured curves of time, bytes and quality (see
 * `docs/formats.md`). A default must not change: it would change the bytes of files without changing their names.
 */
export const formatSchemas = {
  jpeg: v.strictObject({
    quality: quality(80),
    /** Shows a coarse picture first. */
    progressive: flag(false),
    chromaSubsampling: v.optional(v.picklist(['4:2:0', '4:4:4']), '4:2:0'),
    /** Some 15 % fewer bytes for ten times the encoding time. */
    mozjpeg: flag(false),
  }),
  png: v.strictObject({
    compressionLevel: v.optional(integer(0, 9), 6),
    progressive: flag(false),
    /** At most 256 colors: far fewer bytes for drawings, and slow. */
    palette: flag(false),
    /** Of the palette. */
    quality: quality(100),
    colors: paletteSize,
    dither: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 1),
    effort: v.optional(integer(1, 10), 7),
  }),
  webp: v.strictObject({
    quality: quality(80),
    alphaQuality: v.optional(integer(0, 100), 100),
    lossless: flag(false),
    nearLossless: flag(false),
    smartSubsample: flag(false),
    effort: v.optional(integer(0, 6), 4),
  }),
  avif: v.strictObject({
    quality: quality(50),
    lossless: flag(false),
    chromaSubsampling: v.optional(v.picklist(['4:2:0', '4:4:4']), '4:4:4'),
    effort: v.optional(integer(0, 9), 3),
  }),
  gif: v.strictObject({
    colors: paletteSize,
    dither: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 1),
    effort: v.optional(integer(1, 10), 7),
    interFrameMaxError: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(32)), 0),
  }),
  tiff: v.strictObject({
    compression: v.optional(v.picklist(['none', 'lzw', 'deflate', 'jpeg']), 'lzw'),
    /** Of `jpeg` compression. */
    quality: quality(80),
  }),
} as const

export type Format = keyof typeof formatSchemas

/** What can be given as `options`, by format. */
export type FormatOptions = { [F in Format]: v.InferInput<(typeof formatSchemas)[F]> }

type CompleteOptions = { [F in Format]: v.InferOutput<(typeof formatSchemas)[F]> }

export const formats = Object.keys(formatSchemas) as Format[]

/** The options of a spec that leaves the format to its source. */
export const sharedOptionsSchema = v.strictObject({ quality: v.optional(integer(1, 100)) })

/** The formats that can hold an animation. */
export function canAnimate(format: Format): boolean {
  return format === 'gif' || format === 'webp'
}

/** Whether transparency has to be laid on a color before encoding; left to the encoder, it would turn black. */
export function needsFlattening(format: Format, options: JsonObject): boolean {
  return format === 'jpeg' || (format === 'tiff' && options.compression === 'jpeg')
}

export function isFormat(name: string): name is Format {
  return Object.hasOwn(formatSchemas, name)
}

const encoders: { readonly [F in Format]: (image: Sharp, options: CompleteOptions[F]) => Sharp } = {
  jpeg: (image, options) => image.jpeg(options),
  png: (image, { palette, quality, colors, dither, effort, ...options }) =>
    // sharp takes any of these to mean `palette: true`.
    image.png(palette ? { ...options, palette, quality, colors, dither, effort } : options),
  webp: (image, options) => image.webp(options),
  avif: (image, options) => image.avif(options),
  // The source's palette is not in the pixels, from which the result may be made.
  gif: (image, options) => image.gif({ ...options, reuse: false }),
  tiff: (image, { compression, quality }) =>
    image.tiff({ compression, quality, predictor: compression === 'jpeg' ? 'none' : 'horizontal' }),
}

/** Of an animation: milliseconds per frame, and how often it runs (0: for ever). */
export interface Timing {
  readonly delay?: number[]
  readonly loop?: number
}

/** Has an image encoded; options that the format does not have are left out. */
export function encodeAs(image: Sharp, format: Format, options: JsonObject, timing: Timing): Sharp {
  const encode = encoders[format] as (image: Sharp, options: object) => Sharp
  return encode(image, { ...completeOptions(format, options), ...timing })
}

function completeOptions(format: Format, options: JsonObject): object {
  const schema = formatSchemas[format]
  const own = Object.entries(options).filter(([name]) => Object.hasOwn(schema.entries, name))
  return v.parse(schema, Object.fromEntries(own))
}
