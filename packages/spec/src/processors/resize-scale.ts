import * as v from 'valibot'
import { type Size, scaleSize } from '../geometry.ts'
import type { Picture } from '../picture.ts'

/** Whether a picture that is smaller than asked for is enlarged. */
export const upscaleSchema = v.optional(
  v.pipe(v.boolean(), v.description('Whether a smaller picture is enlarged')),
  false,
)

/** A width, a height, or both. */
export interface Room {
  readonly width?: number | undefined
  readonly height?: number | undefined
}

/** The largest size that fits into a room. */
export function scaleToFit(picture: Picture, { width, height }: Room, upscale: boolean): Picture {
  const factors = [width && width / picture.width, height && height / picture.height]
  return scale(picture, Math.min(...factors.filter((factor) => factor !== undefined)), upscale)
}

/** The smallest size that covers a width and a height. */
export function scaleToCover(picture: Picture, { width, height }: Size, upscale: boolean): Picture {
  return scale(picture, Math.max(width / picture.width, height / picture.height), upscale)
}

/** Scales in proportion; enlarges only if told to. */
function scale(picture: Picture, factor: number, upscale: boolean): Picture {
  if (factor > 1 && !upscale) return picture
  const { width, height } = scaleSize(picture, factor)
  return picture.resize(width, height)
}
