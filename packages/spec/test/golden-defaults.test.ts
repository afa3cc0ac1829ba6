import * as v from 'valibot'
import { expect, test } from 'vitest'
import { formatSchemas } from '../src/formats.ts'
import { standardLimits } from '../src/limits.ts'
import { standardProcessors } from '../src/processors/standard.ts'

// What is at its default is left out of a file's name. So changing one of these is a breaking change: files would get other
// bytes under the names that they have already, and browsers and caches would go on showing the old ones.

/** What a schema fills in where nothing is given. */
function defaultsOf(schema: v.GenericSchema): object {
  const { entries = {} } = schema as { readonly entries?: Readonly<Record<string, v.GenericSchema>> }
  const known = Object.entries(entries).map(([name, entry]): [string, unknown] => [name, v.getDefault(entry)])
  return Object.fromEntries(known.filter(([, value]) => value !== undefined))
}

test('the defaults of formats are what they were', () => {
  expect(
    Object.fromEntries(Object.entries(formatSchemas).map(([format, schema]) => [format, defaultsOf(schema)])),
  ).toEqual({
    jpeg: { quality: 80, progressive: false, chromaSubsampling: '4:2:0', mozjpeg: false },
    png: { compressionLevel: 6, progressive: false, palette: false, quality: 100, colors: 256, dither: 1, effort: 7 },
    webp: { quality: 80, alphaQuality: 100, lossless: false, nearLossless: false, smartSubsample: false, effort: 4 },
    avif: { quality: 50, lossless: false, chromaSubsampling: '4:4:4', effort: 3 },
    gif: { colors: 256, dither: 1, effort: 7, interFrameMaxError: 0 },
    tiff: { compression: 'lzw', quality: 80 },
  })
})

test('the defaults of processors are what they were', () => {
  expect(
    Object.fromEntries(standardProcessors.map(({ definition }) => [definition.name, defaultsOf(definition.options)])),
  ).toEqual({
    addBorder: { color: 'transparent' },
    adjust: { brightness: 1, contrast: 1, saturation: 1, sharpness: 1 },
    colorOverlay: { opacity: 0.5 },
    crop: { anchor: 'center' },
    extract: {},
    flip: {},
    gaussianBlur: { radius: 2 },
    grayscale: {},
    makeOpaque: { color: 'white' },
    reflection: { size: 0.3, opacity: 0.6, color: 'white' },
    resize: { upscale: false },
    resizeCanvas: { anchor: 'center', color: 'transparent' },
    resizeToCover: { upscale: false },
    resizeToFill: { anchor: 'center', upscale: false },
    resizeToFit: { anchor: 'center', upscale: false },
    rotate: { color: 'transparent' },
    roundCorners: {},
    smartCrop: { interest: 'entropy' },
    smartResize: { interest: 'entropy', upscale: false },
    thumbnail: { anchor: 'auto', upscale: false },
    tint: {},
    transpose: { method: 'auto' },
    trimBorderColor: { tolerance: 0.3, sides: ['top', 'right', 'bottom', 'left'] },
    watermark: { anchor: 'bottom-right', margin: 0, opacity: 1 },
  })
})

// Those that only refuse don't change bytes, but lowered they refuse what a release before has served.
test('the standard limits are what they were', () => {
  expect(standardLimits).toEqual({
    bytes: 67_108_864,
    pixels: 50_000_000,
    avifPixels: 24_000_000,
    frames: 500,
    channels: 5,
    outputSide: 16_383,
    avifEffort: 6,
    seconds: 60,
    svg: false,
  })
})
