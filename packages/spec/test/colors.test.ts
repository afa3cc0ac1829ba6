import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addBorder, imageSpec, resizeCanvas, resizeToFit, type Step } from '@latent-image/spec'
import sharp, { type Sharp } from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { matrixProfile } from './icc-profile.ts'
import { decode, distance, plain, type Rgb } from './pictures.ts'

const directory = await mkdtemp(join(tmpdir(), 'latent-image-'))
afterAll(() => rm(directory, { recursive: true, force: true }))

// The primaries of Adobe RGB (1998), adapted to D50.
const adobe = join(directory, 'adobe.icc')
await writeFile(
  adobe,
  matrixProfile([0.60974, 0.31111, 0.01947], [0.20528, 0.62567, 0.06087], [0.14919, 0.06322, 0.74457], 2.19921875),
)

const muted: readonly Rgb[] = [
  { r: 150, g: 90, b: 80 },
  { r: 90, g: 140, b: 100 },
  { r: 100, g: 110, b: 150 },
  { r: 150, g: 150, b: 150 },
]

/** Four bars of muted colors, which every color space can hold. */
async function bars(): Promise<Sharp> {
  const inputs = muted.map((background, index) => ({
    input: { create: { width: 20, height: 40, channels: 3 as const, background } },
    left: index * 20,
    top: 0,
  }))
  return sharp(await plain(80, 40).composite(inputs).removeAlpha().png().toBuffer())
}

async function worst(source: Uint8Array): Promise<number> {
  const { data } = await imageSpec({ processors: [resizeToFit(40)], format: 'png' }).generate(source)
  const { at, channels } = await decode(data)
  expect(channels).toBeGreaterThanOrEqual(3)
  return Math.max(...muted.map((color, index) => distance(at(index * 10 + 5, 10), color)))
}

test.each<[string, number, (image: Sharp) => Sharp]>([
  ['JPEG', 3, (image) => image.jpeg({ quality: 95 })],
  ['progressive JPEG', 3, (image) => image.jpeg({ quality: 95, progressive: true })],
  ['JPEG in Display P3', 4, (image) => image.withIccProfile('p3').jpeg({ quality: 95 })],
  ['PNG in Display P3', 2, (image) => image.withIccProfile('p3').png()],
  ['WebP in Display P3', 2, (image) => image.withIccProfile('p3').webp({ lossless: true })],
  ['PNG in Adobe RGB', 2, (image) => image.withIccProfile(adobe).png()],
  ['JPEG in Adobe RGB', 4, (image) => image.withIccProfile(adobe).jpeg({ quality: 95 })],
  ['TIFF in Adobe RGB', 2, (image) => image.withIccProfile(adobe).tiff({ compression: 'lzw' })],
  ['JPEG in sRGB', 3, (image) => image.withIccProfile('srgb').jpeg({ quality: 95 })],
  ['PNG with 16 bits', 1, (image) => image.toColourspace('rgb16').png()],
  ['TIFF with 16 bits', 1, (image) => image.toColourspace('rgb16').tiff({ compression: 'lzw' })],
  ['PNG with 16 bits in Display P3', 2, (image) => image.toColourspace('rgb16').withIccProfile('p3').png()],
  ['interlaced PNG', 1, (image) => image.png({ progressive: true })],
  ['PNG with a palette', 1, (image) => image.png({ palette: true, dither: 0 })],
  ['PNG with alpha', 1, (image) => image.ensureAlpha().png()],
  ['GIF', 3, (image) => image.gif({ dither: 0 })],
  ['AVIF', 4, (image) => image.avif({ quality: 90 })],
  ['CMYK JPEG', 25, (image) => image.toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 95 })],
  ['CMYK JPEG without a profile', 25, (image) => image.toColourspace('cmyk').jpeg({ quality: 95 })],
  ['CMYK TIFF', 25, (image) => image.toColourspace('cmyk').withIccProfile('cmyk').tiff({ compression: 'lzw' })],
])('%s comes out in sRGB, off by at most %d', async (_, tolerance, encode) => {
  expect(await worst(await encode(await bars()).toBuffer())).toBeLessThanOrEqual(tolerance)
})

test.each<[string, (image: Sharp) => Sharp]>([
  ['JPEG', (image) => image.jpeg()],
  ['PNG', (image) => image.png()],
  ['PNG with 16 bits', (image) => image.toColourspace('grey16').png()],
])('a gray %s stays gray', async (_, encode) => {
  const source = await encode((await bars()).grayscale().toColourspace('b-w')).toBuffer()
  const { data } = await imageSpec({ processors: [resizeToFit(40)], format: 'png' }).generate(source)
  const { at } = await decode(data)
  for (const [index, { r, g, b }] of muted.entries()) {
    const [red = 0, green, blue] = at(index * 10 + 5, 10)
    expect([green, blue]).toEqual([red, red])
    expect(red).toBeGreaterThanOrEqual(Math.min(r, g, b))
    expect(red).toBeLessThanOrEqual(Math.max(r, g, b))
  }
})

test('transparency goes through resizing without dark edges', async () => {
  const white = {
    create: { width: 20, height: 40, channels: 4 as const, background: { r: 255, g: 255, b: 255, alpha: 1 } },
  }
  const source = await plain(40, 40, { r: 0, g: 0, b: 0, alpha: 0 })
    .composite([{ input: white, left: 0, top: 0 }])
    .png()
    .toBuffer()
  const { at } = await decode((await imageSpec({ processors: [resizeToFit(27)], format: 'png' }).generate(source)).data)
  for (let x = 0; x < 27; x++) {
    const [r, , , alpha = 0] = at(x, 13)
    if (alpha > 20) expect(r).toBeGreaterThan(240)
  }
})

test('a profile that is garbage is no reason to refuse a picture', async () => {
  const jpeg = await (await bars()).withIccProfile('p3').jpeg({ quality: 95 }).toBuffer()
  const at = jpeg.indexOf('acsp')
  expect(at).toBeGreaterThan(0)
  jpeg.fill(0x5a, at - 36, at + 200)
  expect(await worst(jpeg)).toBeLessThanOrEqual(40)
})

const edges: readonly [string, Step][] = [
  ['a mat', resizeToFit(20, 20, { matColor: '#ff0000' })],
  ['a border', addBorder(3, { color: '#ff0000' })],
  ['a larger canvas', resizeCanvas(100, 100, { color: '#ff0000' })],
]
const greySources: readonly [string, Sharp][] = [
  ['JPEG', plain(60, 40).toColourspace('b-w').jpeg()],
  ['PNG of 16 bits', plain(60, 40).toColourspace('grey16').png()],
  ['PNG with alpha', plain(60, 40).ensureAlpha().toColourspace('b-w').png()],
]

describe.for(greySources)('a grey %s', ([, source]) => {
  test.for(edges)('gets %s of any color', async ([, step]) => {
    const { data } = await imageSpec({ processors: [step], format: 'png' }).generate(await source.clone().toBuffer())
    const { width, height, at } = await decode(data)
    expect(distance(at(0, 0), { r: 255, g: 0, b: 0 })).toBe(0)
    const [r, g, b] = at(width >> 1, height >> 1)
    expect(new Set([r, g, b]).size).toBe(1)
  })
})
