import sharp, { type Sharp } from 'sharp'
import { animation, blue, green, red } from './pictures.ts'

/** Bytes with a name for them that says how to make them again. */
export interface RandomSource {
  readonly name: string
  readonly kind: string
  /** Whether they are a whole picture, as it was encoded. */
  readonly isWhole: boolean
  readonly data: Buffer
}

/** Soft and colorful, with every channel in use, so that encoders and processors have something to do. */
function picture(width: number, height: number, channels: 1 | 2 | 3 | 4): Sharp {
  const data = Buffer.from(
    Array.from({ length: width * height * channels }, (_, index) => (index * 3 + (index >> 4) * 29) & 255),
  )
  const image = sharp(data, { raw: { width, height, channels } })
  return channels < 3 ? image.toColourspace('b-w') : image
}

type Make = (width: number, height: number, orientation: number) => Sharp | Promise<Buffer>

const turned = (image: Sharp, orientation: number) => image.withMetadata({ orientation })

/** All that a source can be, by what it is. */
const kinds: Readonly<Record<string, Make>> = {
  JPEG: (w, h, o) => turned(picture(w, h, 3), o).jpeg(),
  'progressive JPEG': (w, h, o) => turned(picture(w, h, 3), o).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }),
  'JPEG in grey': (w, h, o) => turned(picture(w, h, 1), o).jpeg(),
  'JPEG in CMYK': (w, h, o) =>
    turned(picture(w, h, 3), o)
      .toColourspace('cmyk')
      .jpeg(),
  'JPEG in Display P3': (w, h, o) =>
    turned(picture(w, h, 3), o)
      .withIccProfile('p3')
      .jpeg(),
  'JPEG with a resolution': (w, h) => picture(w, h, 3).withMetadata({ density: 300 }).jpeg(),
  PNG: (w, h, o) => turned(picture(w, h, 3), o).png(),
  'interlaced PNG': (w, h) => picture(w, h, 3).png({ progressive: true }),
  'PNG with alpha': (w, h, o) => turned(picture(w, h, 4), o).png(),
  'PNG with a palette': (w, h) => picture(w, h, 4).png({ palette: true, colors: 16 }),
  'PNG in grey': (w, h) => picture(w, h, 1).png(),
  'PNG in grey with alpha': (w, h) => picture(w, h, 2).png(),
  'PNG of 16 bits': (w, h) => picture(w, h, 4).toColourspace('rgb16').png(),
  'PNG of 16 bits in grey': (w, h) => picture(w, h, 1).toColourspace('grey16').png(),
  'PNG of 16 bits in Display P3': (w, h) => picture(w, h, 3).toColourspace('rgb16').withIccProfile('p3').png(),
  'PNG with a resolution': (w, h) => picture(w, h, 4).withMetadata({ density: 72 }).png(),
  WebP: (w, h, o) => turned(picture(w, h, 3), o).webp({ effort: 0 }),
  'lossless WebP with alpha': (w, h) => picture(w, h, 4).webp({ lossless: true, effort: 0 }),
  GIF: (w, h) => picture(w, h, 3).gif({ effort: 1 }),
  'GIF with alpha': (w, h) => picture(w, h, 4).gif({ effort: 1 }),
  TIFF: (w, h, o) => turned(picture(w, h, 3), o).tiff({ compression: 'lzw' }),
  'TIFF with alpha': (w, h) => picture(w, h, 4).tiff({ compression: 'deflate' }),
  'TIFF of 16 bits': (w, h) => picture(w, h, 3).toColourspace('rgb16').tiff({ compression: 'none' }),
  'TIFF in CMYK': (w, h) => picture(w, h, 3).toColourspace('cmyk').tiff({ compression: 'lzw' }),
  'TIFF in Lab': (w, h) => picture(w, h, 3).toColourspace('lab').tiff({ compression: 'lzw' }),
  'TIFF of one bit': (w, h) => picture(w, h, 1).tiff({ bitdepth: 1, compression: 'none' }),
  AVIF: (w, h) => picture(w, h, 3).avif({ effort: 0 }),
  'AVIF with alpha': (w, h) => picture(w, h, 4).avif({ effort: 0 }),
  'animated GIF': (w, h) => animation(w, h, [red, green, blue]),
  'animated WebP': (w, h) => animation(w, h, [red, green, blue, red], 'webp'),
  'animated WebP that lies': async (w, h, orientation) =>
    turned(sharp(await animation(w, h, [green, red], 'webp'), { animated: true }), orientation)
      .webp({ lossless: true })
      .toBuffer(),
  SVG: async (w, h) =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}"><circle r="9"/></svg>`),
}

export const sourceKinds = Object.keys(kinds)

const sizes = [
  [41, 27],
  [30, 48],
  [64, 57],
  [1, 1],
  [2, 3],
  [64, 1],
] as const

/** One source of each kind in each size; orientations take turns. */
export async function wholeSources(): Promise<RandomSource[]> {
  const orders = Object.entries(kinds).flatMap(([kind, make], row) =>
    sizes.map(([width, height], column) => ({ kind, make, width, height, orientation: ((row + column * 3) % 8) + 1 })),
  )
  return Promise.all(
    orders.map(async ({ kind, make, width, height, orientation }) => {
      const made = await make(width, height, orientation)
      const name = `${kind} of ${width} × ${height}, orientation ${orientation}`
      return { name, kind, isWhole: true, data: Buffer.isBuffer(made) ? made : await made.toBuffer() }
    }),
  )
}
