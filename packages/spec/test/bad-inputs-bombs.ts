import { deflateSync } from 'node:zlib'
import {
  animationOf,
  avifOf,
  type BadInput,
  bad,
  gifOf,
  join,
  jpegOf,
  pngChunk,
  pngOf,
  pngWith,
} from './bad-inputs-files.ts'
import { jpegOfScans } from './bad-inputs-jpeg.ts'
import { tiffOf, tiffOfPages } from './bad-inputs-tiff.ts'
import { animation, blue, plain, red } from './pictures.ts'

/** Small files that promise or unpack too much. */
export async function bombs(pictures: Readonly<Record<string, Buffer>>): Promise<BadInput[]> {
  const { jpeg = Buffer.alloc(0), avif = Buffer.alloc(0) } = pictures
  const colors = Array.from({ length: 501 }, (_, index) => (index % 2 ? red : blue))
  const webp = await animation(2, 2, colors, 'webp')
  const large = await plain(7100, 7100).webp({ effort: 0 }).toBuffer()
  return [
    bad('SOURCE_TOO_LARGE', 'a PNG of 100,000 × 100,000', pngOf(100_000, 100_000)),
    bad('SOURCE_TOO_LARGE', 'a PNG of 7,100 × 7,100', pngOf(7100, 7100)),
    bad('SOURCE_TOO_LARGE', 'a PNG of one long line', pngOf(60_000_000, 1)),
    bad('SOURCE_TOO_LARGE', 'an interlaced PNG with 16 bits', pngOf(8000, 8000, { depth: 16, type: 6, interlaced: 1 })),
    bad('SOURCE_BROKEN', 'a PNG with fewer lines than it says', pngOf(2000, 2000)),
    bad('SOURCE_BROKEN', 'a PNG with more to unpack than it says', pngOf(10, 10, { bytes: 3, depth: 16 })),
    bad('SOURCE_BROKEN', 'a PNG of nothing', pngOf(0, 0)),
    bad('SOURCE_BROKEN', 'a PNG of a wrong depth', pngOf(10, 10, { depth: 7 })),
    bad('SOURCE_TOO_LARGE', 'a JPEG of 65,500 × 65,500', jpegOf(jpeg, 65_500, 65_500)),
    bad('SOURCE_TOO_LARGE', 'a JPEG of 10,000 × 5,001', jpegOf(jpeg, 10_000, 5001)),
    bad('SOURCE_BROKEN', 'a JPEG with fewer lines than it says', jpegOf(jpeg, 3000, 3000)),
    bad('SOURCE_BROKEN', 'a JPEG of no width', jpegOf(jpeg, 0, 100)),
    bad('SOURCE_UNSUPPORTED', 'a JPEG that is gone over 883 times', await jpegOfScans(7000, 7000, 63)),
    bad('SOURCE_TOO_LARGE', 'a GIF of 65,535 × 65,535', gifOf(65_535, 65_535, 1)),
    bad('SOURCE_TOO_LARGE', 'a GIF of 2,000 frames', gifOf(1, 1, 2000)),
    bad('SOURCE_TOO_LARGE', 'a GIF of 60 frames of a megapixel', gifOf(1000, 1000, 60)),
    bad('SOURCE_TOO_LARGE', 'an animated WebP of 501 frames', webp),
    bad('SOURCE_TOO_LARGE', 'a WebP of 7,100 × 7,100', large),
    bad('SOURCE_TOO_LARGE', 'a TIFF of 60,000 × 60,000', tiffOf(60_000, 60_000, 3)),
    bad('SOURCE_TOO_LARGE', 'a TIFF of many channels', tiffOf(4, 4, 6)),
    bad('SOURCE_BROKEN', 'a TIFF with less in it than it says', tiffOf(1000, 1000, 3)),
    bad('SOURCE_TOO_LARGE', 'an AVIF of 5,000 × 5,000', avifOf(avif, 5000, 5000)),
    bad('SOURCE_TOO_LARGE', 'an AVIF of 16,000 × 16,000', avifOf(avif, 16_000, 16_000)),
    bad('SOURCE_TOO_LARGE', 'a GIF of 200,000 frames', gifOf(1, 1, 200_000)),
    bad('SOURCE_TOO_LARGE', 'an animated WebP of 200,000 frames', animationOf(webp, 200_000)),
    bad('SOURCE_TOO_LARGE', 'a TIFF of 300,000 pages', tiffOfPages(300_000)),
    bad('SOURCE_BROKEN', 'a TIFF of pages that lead back to the first', tiffOfPages(1, 8)),
    bad('SOURCE_BROKEN', 'a TIFF of pages that lead back to one of them', tiffOfPages(5, 300 + 114)),
    bad('SOURCE_BROKEN', 'a TIFF that lacks a page', tiffOfPages(2, 2000)),
    bad('SOURCE_UNSUPPORTED', 'a TIFF with a channel that means nothing', tiffOf(4, 4, 5)),
    bad('SOURCE_UNSUPPORTED', 'a grey TIFF with channels that mean nothing', tiffOf(4, 4, 3, { photometric: 1 })),
    bad('SOURCE_TOO_LARGE', 'a JPEG of 65 MiB', join(jpeg, Buffer.alloc(65 * 1024 * 1024))),
  ]
}

/** Whole pictures that keep a decoder busy with what is not their pixels. */
export async function burdenedPictures(): Promise<readonly (readonly [name: string, data: Uint8Array])[]> {
  const png = await plain(4, 4).withIccProfile('p3').png().toBuffer()
  const packed = deflateSync(Buffer.alloc(49_000_000, 65), { level: 9 })
  const zipped = pngChunk('zTXt', join('Comment\0\0', packed))
  const international = pngChunk('iTXt', join('XML:com.adobe.xmp\0\x01\0\0\0', packed))
  return [
    ['a PNG with a gigabyte of packed text', pngWith(png, Array(20).fill(zipped))],
    ['a PNG with a gigabyte of packed XMP', pngWith(png, Array(20).fill(international))],
    ['a TIFF of 10,000 pages', tiffOfPages(10_000)],
  ]
}
