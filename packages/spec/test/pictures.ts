import type { Source } from '@latent-image/kernel'
import sharp, { type Sharp } from 'sharp'

export interface Rgb {
  readonly r: number
  readonly g: number
  readonly b: number
}

export const red: Rgb = { r: 200, g: 20, b: 20 }
export const green: Rgb = { r: 20, g: 180, b: 20 }
export const blue: Rgb = { r: 20, g: 20, b: 200 }
export const yellow: Rgb = { r: 220, g: 220, b: 20 }

/** A picture of one color. */
export function plain(width: number, height: number, background: object = red): Sharp {
  const channels = 'alpha' in background ? 4 : 3
  return sharp({ create: { width, height, channels, background } })
}

/** Four quarters: red and green above, blue and yellow below. Every way of laying it down looks different. */
export function quarters(width: number, height: number): Sharp {
  const left = Math.floor(width / 2)
  const top = Math.floor(height / 2)
  const block = (background: Rgb, w: number, h: number) => ({
    create: { width: w, height: h, channels: 3 as const, background },
  })
  return plain(width, height)
    .composite([
      { input: block(green, width - left, top), left, top: 0 },
      { input: block(blue, left, height - top), left: 0, top },
      { input: block(yellow, width - left, height - top), left, top },
    ])
    .removeAlpha()
}

/** An image whose pixels tell where they were: red is x, green is y. At most 256 each way. */
export function coordinates(width: number, height: number): Sharp {
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([x, y, 0], (y * width + x) * 3)
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** An animation of plain frames. */
export async function animation(
  width: number,
  height: number,
  colors: readonly Rgb[],
  format: 'gif' | 'webp' = 'gif',
): Promise<Buffer> {
  const frames = await Promise.all(colors.map((color) => plain(width, height, color).png().toBuffer()))
  const delay = colors.map((_, index) => 100 * (index + 1))
  const image = sharp(frames, { join: { animated: true } })
  return (format === 'gif' ? image.gif({ delay, loop: 2 }) : image.webp({ delay, loop: 2, lossless: true })).toBuffer()
}

export interface Decoded {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly data: Buffer
  /** The channels of one pixel. */
  at(x: number, y: number): number[]
}

/** The pixels of an encoded picture, by plain sharp. */
export async function decode(data: Uint8Array, page = 0): Promise<Decoded> {
  const { data: pixels, info } = await sharp(data, { page }).raw().toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const at = (x: number, y: number) => [...pixels.subarray((y * width + x) * channels, (y * width + x + 1) * channels)]
  return { width, height, channels, data: pixels, at }
}

/** The greatest difference between a pixel's channels and a color. */
export function distance(pixel: readonly number[], { r, g, b }: Rgb): number {
  return Math.max(...[r, g, b].map((value, index) => Math.abs(value - (pixel[index] ?? 0))))
}

export function sourceOf(name: string, data: Uint8Array): Source {
  return { name, open: async () => data }
}

export const noParams = { params: {}, signal: new AbortController().signal }
