import { deflateSync } from 'node:zlib'
import {
  imageSpec,
  type Limits,
  resizeCanvas,
  resizeToFill,
  resizeToFit,
  transpose,
  watermark,
} from '@latent-image/spec'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { jpegWithThumbnail, pngChunk, pngWith } from './bad-inputs-files.ts'
import { jpegOfScans } from './bad-inputs-jpeg.ts'
import { tiffOf, tiffOfPages } from './bad-inputs-tiff.ts'
import { animation, blue, decode, distance, green, plain, quarters, red, yellow } from './pictures.ts'

const corners = [red, green, blue, yellow]

async function seen(data: Uint8Array) {
  const picture = await decode(data)
  const right = picture.width - 5
  const bottom = picture.height - 5
  return [picture.at(4, 4), picture.at(right, 4), picture.at(4, bottom), picture.at(right, bottom)]
}

const width = 160
const height = 80

/** Which pixel of the upright picture is stored in a column of a row: EXIF says where row 0 and column 0 belong. */
const storedAt: Readonly<Record<number, (column: number, row: number) => [x: number, y: number]>> = {
  1: (column, row) => [column, row],
  2: (column, row) => [width - 1 - column, row],
  3: (column, row) => [width - 1 - column, height - 1 - row],
  4: (column, row) => [column, height - 1 - row],
  5: (column, row) => [row, column],
  6: (column, row) => [width - 1 - row, column],
  7: (column, row) => [width - 1 - row, height - 1 - column],
  8: (column, row) => [row, height - 1 - column],
}

async function stored(orientation: number): Promise<Buffer> {
  const upright = await decode(await quarters(width, height).png().toBuffer())
  const [columns, rows] = orientation < 5 ? [width, height] : [height, width]
  const data = Buffer.alloc(width * height * 3)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = storedAt[orientation]?.(column, row) ?? [0, 0]
      data.set(upright.at(x, y), (row * columns + column) * 3)
    }
  }
  const image = sharp(data, { raw: { width: columns, height: rows, channels: 3 } })
  return image.withMetadata({ orientation }).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])('brings EXIF orientation %i upright', async (orientation) => {
  const { data, facts } = await imageSpec({ processors: [resizeToFit(80, 80)], format: 'png' }).generate(
    await stored(orientation),
  )
  expect(facts).toMatchObject({ width: 80, height: 40 })
  const found = await seen(data)
  expect(found.map((pixel, index) => distance(pixel, corners[index] ?? red))).toEqual(
    found.map(() => expect.toSatisfy((value: number) => value < 8)),
  )
})

test('crops an upright picture, whichever way it is stored', async () => {
  const spec = imageSpec({ processors: [resizeToFill(40, 40, { anchor: 'top-left' })], format: 'png' })
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const { at } = await decode((await spec.generate(await stored(orientation))).data)
    expect(distance(at(5, 5), red)).toBeLessThan(8)
    expect(distance(at(5, 35), blue)).toBeLessThan(8)
  }
})

test.each(['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const)('a %s is not turned twice', async (format) => {
  for (const orient of [true, false]) {
    const { data, facts } = await imageSpec({ orient, format }).generate(await stored(6))
    const { autoOrient } = await sharp(data).metadata()
    expect(autoOrient).toEqual({ width: facts.width, height: facts.height })
    expect(facts.width).toBe(orient ? width : height)
  }
})

test('an animation that is stored lying is brought upright frame by frame', async () => {
  const source = await sharp(await animation(40, 20, [red, green], 'webp'), { animated: true })
    .withMetadata({ orientation: 6 })
    .webp({ lossless: true })
    .toBuffer()
  const { facts } = await imageSpec({ processors: [resizeToFit(10)] }).generate(source)
  expect(facts).toEqual({ width: 10, height: 20, type: 'image/webp', frames: 2 })
})

test('leaves the orientation to `transpose` where it is told to', async () => {
  const source = await stored(6)
  const lying = await imageSpec({ orient: false }).generate(source)
  expect(lying.facts).toMatchObject({ width: 80, height: 160 })
  const upright = await imageSpec({ orient: false, processors: [transpose()] }).generate(source)
  expect(upright.facts).toMatchObject({ width: 160, height: 80 })
})

test('strips EXIF, GPS, XMP and ICC', async () => {
  const source = await plain(40, 20)
    .withExif({ IFD0: { Artist: 'Kim' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>')
    .withIccProfile('p3')
    .jpeg()
    .toBuffer()
  expect((await sharp(source).metadata()).exif).toBeDefined()
  for (const format of ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const) {
    const { data } = await imageSpec({ format }).generate(source)
    const { exif, icc, orientation } = await sharp(data).metadata()
    expect({ exif, icc, orientation: orientation ?? 1 }).toEqual({ exif: undefined, icc: undefined, orientation: 1 })
    expect(Buffer.from(data).includes('Kim')).toBe(false)
  }
})

test('transparency never turns black', async () => {
  const source = await plain(20, 20, { r: 0, g: 0, b: 0, alpha: 0 }).png().toBuffer()
  const jpeg = await imageSpec({ format: 'jpeg' }).generate(source)
  expect((await decode(jpeg.data)).at(10, 10)).toEqual([255, 255, 255])
  const tiff = await imageSpec({ format: 'tiff', options: { compression: 'jpeg' } }).generate(source)
  expect((await decode(tiff.data)).at(10, 10)).toEqual([255, 255, 255])
})

test('edges that a processor left transparent are white in a JPEG', async () => {
  const { data } = await imageSpec({ processors: [resizeCanvas(40, 40)], format: 'jpeg' }).generate(
    await plain(20, 20).png().toBuffer(),
  )
  expect(distance((await decode(data)).at(2, 2), { r: 255, g: 255, b: 255 })).toBeLessThan(8)
})

test('an animation keeps its frames, their timing and the size of one of them', async () => {
  const source = await animation(40, 20, [red, green, blue])
  for (const format of ['gif', 'webp'] as const) {
    const spec = imageSpec({ processors: [resizeToFill(20, 20)], format })
    const { data, facts } = await spec.generate(source)
    expect(facts).toEqual({ width: 20, height: 20, type: `image/${format}`, frames: 3 })
    expect(await spec.inspect(data)).toEqual(facts)
    expect(await sharp(data).metadata()).toMatchObject({ pages: 3, delay: [100, 200, 300], loop: 2 })
    expect(distance((await decode(data, 1)).at(10, 10), green)).toBeLessThan(8)
  }
})

test('an animation is turned frame by frame', async () => {
  const source = await animation(40, 20, [red, green])
  const { data, facts } = await imageSpec({ processors: [transpose('rotate-90')] }).generate(source)
  expect(facts).toEqual({ width: 20, height: 40, type: 'image/gif', frames: 2 })
  expect(distance((await decode(data, 1)).at(5, 30), green)).toBeLessThan(8)
})

test('only the first frame is used where the format has none, or the spec says so', async () => {
  const source = await animation(40, 20, [red, green])
  const jpeg = await imageSpec({ format: 'jpeg' }).generate(source)
  expect(jpeg.facts).toEqual({ width: 40, height: 20, type: 'image/jpeg' })
  const still = await imageSpec({ format: 'gif', animated: false }).generate(source)
  expect(still.facts).toEqual({ width: 40, height: 20, type: 'image/gif' })
})

test('a result that is too long is scaled down', async () => {
  const { facts } = await imageSpec({ limits: { outputSide: 50 } }).generate(await plain(100, 40).png().toBuffer())
  expect(facts).toMatchObject({ width: 50, height: 20 })
})

const whole = await quarters(200, 100).jpeg().toBuffer()
const svg = Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>')

test.each<[string, string, Uint8Array]>([
  ['no bytes', 'SOURCE_BROKEN', Buffer.alloc(0)],
  ['a few bytes', 'SOURCE_UNSUPPORTED', Buffer.from([1, 2])],
  ['a beginning only', 'SOURCE_BROKEN', whole.subarray(0, 20)],
  ['half a picture', 'SOURCE_BROKEN', whole.subarray(0, whole.length >> 1)],
  ['text', 'SOURCE_UNSUPPORTED', Buffer.from('This is not a picture.')],
  ['an SVG', 'SOURCE_UNSUPPORTED', svg],
  ['an SVG after a comment', 'SOURCE_UNSUPPORTED', Buffer.concat([Buffer.from('<!-- GIF89a -->'), svg])],
  ['a PDF', 'SOURCE_UNSUPPORTED', Buffer.from('%PDF-1.7\n')],
])('says of a source with %s: %s', async (_, code, data) => {
  await expect(imageSpec({}).generate(data)).rejects.toMatchObject({ code, fault: 'source' })
})

test('accepts an SVG where it is switched on', async () => {
  const { facts } = await imageSpec({ limits: { svg: true } }).generate(svg)
  expect(facts).toEqual({ width: 10, height: 10, type: 'image/png' })
})

test('refuses what only seems to be an SVG where it is switched on', async () => {
  const jpeg = Buffer.concat([whole.subarray(0, 2), Buffer.from('<svg '), whole.subarray(2)])
  await expect(imageSpec({ limits: { svg: true } }).generate(jpeg)).rejects.toMatchObject({
    code: 'SOURCE_UNSUPPORTED',
  })
})

test('an SVG is laid over a picture only where it is switched on', async () => {
  const processors = [watermark('mark.svg')]
  const openImage = async () => svg
  await expect(imageSpec({ processors }, { openImage }).generate(whole)).rejects.toMatchObject({
    code: 'PROCESSOR_FAILED',
    cause: { cause: { code: 'SOURCE_UNSUPPORTED' } },
  })
  const trusting = imageSpec({ processors, limits: { svg: true } }, { openImage })
  await expect(trusting.generate(whole)).resolves.toMatchObject({ facts: {} })
})

test('what is laid over a picture has to be within the limits, too', async () => {
  const openImage = () => plain(300, 300).png().toBuffer()
  const spec = imageSpec({ processors: [watermark('mark.png')], limits: { pixels: 80_000 } }, { openImage })
  await expect(spec.generate(whole)).rejects.toMatchObject({
    code: 'PROCESSOR_FAILED',
    cause: { cause: { code: 'SOURCE_TOO_LARGE' } },
  })
})

const avif = await plain(20, 10).avif().toBuffer()
const gif = await animation(20, 10, [red, green, blue])

test.each<[Limits, Uint8Array]>([
  [{ bytes: 100 }, whole],
  [{ pixels: 19_999 }, whole],
  [{ avifPixels: 199 }, avif],
  [{ frames: 2 }, gif],
  [{ pixels: 599 }, gif],
  [{ channels: 2 }, whole],
])('refuses what is over the limit %j', async (limits, data) => {
  await expect(imageSpec({ limits }).generate(data)).rejects.toMatchObject({
    code: 'SOURCE_TOO_LARGE',
    fault: 'source',
  })
})

test.each<[Limits, Uint8Array]>([
  [{ bytes: whole.length }, whole],
  [{ pixels: 20_000 }, whole],
  [{ avifPixels: 200 }, avif],
  [{ frames: 3, pixels: 600 }, gif],
  [{ channels: 3 }, whole],
])('accepts what is just within the limit %j', async (limits, data) => {
  await expect(imageSpec({ limits }).generate(data)).resolves.toMatchObject({ facts: {} })
})

test('says how much of what is too much', async () => {
  await expect(imageSpec({ limits: { avifPixels: 199 } }).generate(avif)).rejects.toThrow(/has 200 pixels/)
})

test('refuses to look at more frames than a file may have', () => {
  expect(() => imageSpec({ limits: { frames: 10_001 } })).toThrowError(
    expect.objectContaining({ code: 'INVALID_SPEC' }),
  )
})

const behind = Buffer.from('and much more that is no part of the picture')
const written = await quarters(80, 40)
  .withIccProfile('p3')
  .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>')
  .png()
  .toBuffer()

test.each<[string, Uint8Array]>([
  ['a JPEG with other things behind it', Buffer.concat([whole, behind])],
  ['a JPEG with another behind it', Buffer.concat([whole, whole.subarray(0, -20)])],
  ['a JPEG with a thumbnail', jpegWithThumbnail(whole, await plain(20, 10).jpeg().toBuffer())],
  ['a JPEG with filled markers', Buffer.concat([whole.subarray(0, 2), Buffer.from([0xff, 0xff]), whole.subarray(2)])],
  ['a JPEG of 99 scans', await jpegOfScans(80, 40, 7)],
  ['a PNG with other things behind it', Buffer.concat([written, behind])],
  ['a WebP with other things behind it', Buffer.concat([await quarters(80, 40).webp().toBuffer(), behind])],
  ['an AVIF with other things behind it', Buffer.concat([avif, behind])],
  ['a BigTIFF', await quarters(80, 40).tiff({ bigtiff: true }).toBuffer()],
  ['a TIFF in tiles', await quarters(80, 40).tiff({ tile: true }).toBuffer()],
  ['a TIFF in the other order of bytes', tiffOf(4, 4, 3, { isLittleEndian: false })],
  ['a TIFF in CMYK with transparency', tiffOf(4, 4, 5, { photometric: 5 })],
  ['the first of several pages', tiffOfPages(3)],
])('reads %s', async (_, data) => {
  await expect(imageSpec({ format: 'png' }).generate(data)).resolves.toMatchObject({ facts: { type: 'image/png' } })
})

test('texts in a PNG do not change what it looks like', async () => {
  const comment = pngChunk('tEXt', Buffer.from('Comment\0A picture of four quarters'))
  const packed = pngChunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync('Four quarters')]))
  const spec = imageSpec({ format: 'png' })
  const plainly = await spec.generate(written)
  for (const text of [comment, packed]) expect(await spec.generate(pngWith(written, [text]))).toEqual(plainly)
})
