import { imageSpecFromData } from '@latent-image/spec'
import sharp from 'sharp'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { type Format, formatSchemas, formats } from '../src/formats.ts'
import type { JsonObject } from '../src/options.ts'

/** Many soft colors, some of them half transparent, so that every option of an encoder shows. */
function photo(seed: number) {
  const size = { width: 12, height: 9 }
  const noise = Buffer.from(Array.from({ length: size.width * size.height * 4 }, (_, at) => (at * 7_919 + seed) % 256))
  return sharp(noise, { raw: { ...size, channels: 4 } })
    .resize(72, 54, { kernel: 'cubic' })
    .png()
    .toBuffer()
}

const still = await photo(0)
// Frames that are nearly alike.
const animation = await sharp([await photo(0), await photo(2), await photo(4)], { join: { animated: true } })
  .webp({ lossless: true })
  .toBuffer()

interface Variation {
  readonly value: unknown
  /** Other options, where only beside them it matters. */
  readonly beside?: object
  readonly source?: Uint8Array
}

const palette = { palette: true }

/** For each option of each format, a value that is not the default. */
const variations: Readonly<Record<Format, Readonly<Record<string, Variation>>>> = {
  jpeg: {
    quality: { value: 81 },
    progressive: { value: true },
    chromaSubsampling: { value: '4:4:4' },
    mozjpeg: { value: true },
  },
  png: {
    compressionLevel: { value: 1 },
    progressive: { value: true },
    palette: { value: true },
    quality: { value: 1, beside: palette },
    colors: { value: 16, beside: palette },
    dither: { value: 0, beside: palette },
    effort: { value: 1, beside: palette },
  },
  webp: {
    quality: { value: 81 },
    alphaQuality: { value: 10 },
    lossless: { value: true },
    nearLossless: { value: true },
    smartSubsample: { value: true },
    effort: { value: 0 },
  },
  avif: {
    quality: { value: 51 },
    lossless: { value: true },
    chromaSubsampling: { value: '4:2:0' },
    effort: { value: 2 },
  },
  gif: {
    colors: { value: 16 },
    dither: { value: 0, beside: { colors: 16 } },
    effort: { value: 1 },
    interFrameMaxError: { value: 32, source: animation },
  },
  tiff: {
    compression: { value: 'deflate' },
    quality: { value: 81, beside: { compression: 'jpeg' } },
  },
}

const rows = formats.flatMap((format) =>
  Object.entries(variations[format]).map(([option, variation]) => [format, option, variation] as const),
)

async function made(format: Format, options: object, source: Uint8Array = still): Promise<Buffer> {
  return Buffer.from((await imageSpecFromData({ format, options }).generate(source)).data)
}

test.each(formats)('every option of %s is tried here', (format) => {
  expect(Object.keys(variations[format])).toEqual(Object.keys(formatSchemas[format].entries))
})

test.each(rows)('%s with its default of `%s` spelled out has the same bytes', async (format, option, variation) => {
  const { beside = {}, source } = variation
  const spelled = { ...beside, [option]: { ...(v.parse(formatSchemas[format], {}) as JsonObject), ...beside }[option] }
  expect((await made(format, spelled, source)).equals(await made(format, beside, source))).toBe(true)
})

test.each(rows)('%s with another `%s` has other bytes', async (format, option, { value, beside = {}, source }) => {
  const [other, standard] = [{ ...beside, [option]: value }, beside]
  expect((await made(format, other, source)).equals(await made(format, standard, source))).toBe(false)
})
