import type { OutputInfo, Sharp, SharpOptions } from 'sharp'
import type { Size } from './geometry.ts'
import type { Header } from './header.ts'
import type { Pixels } from './operations.ts'

/** What a pass works on: an encoded source, or the pixels that an earlier pass left, frames one below the other. */
export interface Material {
  readonly data: Uint8Array
  readonly options: SharpOptions
  readonly frames: number
}

/** Material that is encoded. */
export interface SourceMaterial extends Material {
  readonly header: Header
  /** Carries what is not in its pixels, and what an encoder would put into the result. */
  readonly isLaden: boolean
}

/** Material that is pixels. */
export interface Raster extends Material {
  readonly pixels: Pixels
}

/** Pixels as material. */
export function rasterOf(
  data: Uint8Array,
  { width, height }: Size,
  channels: Pixels['channels'],
  frames: number,
): Raster {
  const raw = { width, height: height * frames, channels, ...(frames > 1 && { pageHeight: height }) }
  const options: SharpOptions = { raw, limitInputPixels: false, ...(frames > 1 && { pages: -1 }) }
  return { data, options, frames, pixels: { data, width, height, channels } }
}

export function isRaster(material: SourceMaterial | Raster): material is Raster {
  return 'pixels' in material
}

/** The size of one frame. */
export function sizeOf(material: SourceMaterial | Raster): Size {
  return isRaster(material) ? material.pixels : material.header
}

export function hasAlpha(material: SourceMaterial | Raster): boolean {
  return isRaster(material) ? material.pixels.channels % 2 === 0 : material.header.hasAlpha
}

export async function openMaterial(material: Material | SourceMaterial): Promise<Sharp> {
  const { sharp } = await import('./sharp.ts')
  const image = sharp(material.data, material.options)
  // sharp works on such a source in Display P3, and would take that for sRGB at the end.
  const isWideGamut = 'header' in material && material.header.isWideGamut
  return isWideGamut ? image.withIccProfile('srgb', { attach: false }) : image
}

/** Runs sharp for its pixels. */
export async function toRaster(image: Sharp, frames: number, seconds: number): Promise<Raster> {
  const { data, info } = await image.timeout({ seconds }).raw().toBuffer({ resolveWithObject: true })
  return rasterOf(data, frameSize(info), info.channels, frames)
}

/** The size of one frame of what sharp made. */
export function frameSize({ width, height, pageHeight }: OutputInfo): Size {
  return { width, height: pageHeight ?? height }
}

/** The frames of an animation, each as material of its own. */
export function framesOf({ pixels, frames }: Raster): Raster[] {
  const length = pixels.width * pixels.height * pixels.channels
  return Array.from({ length: frames }, (_, index) =>
    rasterOf(pixels.data.subarray(index * length, (index + 1) * length), pixels, pixels.channels, 1),
  )
}

export function firstFrame(raster: Raster): Raster {
  return framesOf(raster)[0] ?? raster
}

/** Frames of equal size and channels as one animation. */
export function joinFrames(frames: readonly Raster[]): Raster {
  const [first] = frames
  if (!first) throw new RangeError('An animation has at least one frame')
  const { pixels } = first
  return rasterOf(Buffer.concat(frames.map(({ data }) => data)), pixels, pixels.channels, frames.length)
}
