import * as v from 'valibot'
import { scaleSize } from '../geometry.ts'
import type { Picture } from '../picture.ts'

/** A width or a height that a processor may be asked for. */
export const pixelsSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))

/** Whether a picture that is smaller than asked for is enlarged. */
export const upscaleSchema = v.optional(v.boolean(), false)

/** Scales in proportion; enlarges only if told to. */
export function scale(picture: Picture, factor: number, upscale: boolean): Picture {
  if (factor > 1 && !upscale) return picture
  const { width, height } = scaleSize(picture, factor)
  return picture.resize(width, height)
}
