import { adjust, type FormatOptions, imageSpec, imageSpecFromData } from '@latent-image/spec'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { coordinates, decode } from './pictures.ts'

const picture = await coordinates(120, 90).png().toBuffer()
const original = await decode(picture)

async function made<F extends keyof FormatOptions>(format: F, options?: FormatOptions[F]): Promise<Uint8Array> {
  const spec = imageSpecFromData({ format, ...(options && { options }) })
  return (await spec.generate(picture)).data
}

test.each<[keyof FormatOptions, object]>([
  ['jpeg', { quality: 40 }],
  ['jpeg', { progressive: true }],
  ['jpeg', { chromaSubsampling: '4:4:4' }],
  ['jpeg', { mozjpeg: true }],
  ['png', { compressionLevel: 0 }],
  ['png', { progressive: true }],
  ['png', { palette: true }],
  ['png', { palette: true, colors: 16 }],
  ['png', { palette: true, dither: 0 }],
  ['webp', { quality: 40 }],
  ['webp', { lossless: true }],
  ['webp', { effort: 0 }],
  ['avif', { quality: 30 }],
  ['avif', { effort: 0 }],
  ['avif', { chromaSubsampling: '4:2:0' }],
  ['avif', { lossless: true }],
  ['gif', { colors: 16 }],
  ['gif', { dither: 0 }],
  ['gif', { effort: 1 }],
  ['tiff', { compression: 'none' }],
  ['tiff', { compression: 'deflate' }],
  ['tiff', { compression: 'jpeg' }],
  ['tiff', { compression: 'jpeg', quality: 30 }],
])('%s is other bytes with %j', async (format, options) => {
  const [plain, changed] = await Promise.all([made(format), made(format, options as never)])
  expect(Buffer.compare(plain, changed)).not.toBe(0)
})

test.each<[keyof FormatOptions, object]>([
  ['png', {}],
  ['webp', { lossless: true }],
  ['tiff', {}],
  ['tiff', { compression: 'deflate' }],
  ['avif', { lossless: true }],
])('%s with %j loses nothing', async (format, options) => {
  expect((await decode(await made(format, options as never))).data.equals(original.data)).toBe(true)
})

test('a PNG has a palette where it is asked for, and only there', async () => {
  const paletted = await sharp(await made('png', { palette: true })).metadata()
  const full = await sharp(await made('png', { effort: 5, quality: 90 })).metadata()
  expect([paletted.isPalette, full.isPalette]).toEqual([true, false])
})

test('a picture that is asked for as GIF gets a palette of its own', async () => {
  const { at, width, height } = await decode(await made('gif', { colors: 16 }))
  const colors = new Set<string>()
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) colors.add(at(x, y).join())
  expect(colors.size).toBeGreaterThan(8)
  expect(colors.size).toBeLessThanOrEqual(16)
})

test('progressive JPEG is progressive', async () => {
  expect((await sharp(await made('jpeg', { progressive: true })).metadata()).isProgressive).toBe(true)
})

test('AVIF is encoded with no more effort than the limit', async () => {
  const generate = async (effort: number, avifEffort?: number) => {
    const limits = avifEffort === undefined ? {} : { avifEffort }
    return (await imageSpec({ format: 'avif', options: { effort }, limits }).generate(picture)).data
  }
  const [capped, low] = await Promise.all([generate(5, 1), generate(1)])
  expect(Buffer.compare(capped, low)).toBe(0)
})

test('`quality` can be given where the source decides the format, and is ignored where there is none', async () => {
  const spec = imageSpec({ options: { quality: 30 } })
  const [png, jpeg] = await Promise.all([spec.generate(picture), spec.generate(await made('jpeg'))])
  expect(png.facts.type).toBe('image/png')
  const finer = await imageSpec({}).generate(await made('jpeg'))
  expect(jpeg.data.length).toBeLessThan(finer.data.length)
})

test('refuses palettes of sizes that do not exist', () => {
  expect(() => imageSpec({ format: 'gif', options: { colors: 64 as 16 } })).toThrowError(
    expect.objectContaining({ code: 'INVALID_SPEC' }),
  )
})

test('tells the frames that an animation has, not those that it was made from', async () => {
  const frames = await Promise.all(
    ['red', 'green', 'blue'].map((background) =>
      sharp({ create: { width: 20, height: 16, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  )
  const source = await sharp(frames, { join: { animated: true } })
    .webp({ lossless: true, loop: 0 })
    .toBuffer()
  expect((await imageSpec({ format: 'gif' }).generate(source)).facts.frames).toBe(3)
  // Black frames are all alike, and encoded as one.
  const { data, facts } = await imageSpec({ processors: [adjust({ brightness: 0 })], format: 'gif' }).generate(source)
  expect((await sharp(data).metadata()).pages ?? 1).toBe(1)
  expect(facts).toEqual({ width: 20, height: 16, type: 'image/gif' })
})
