import * as v from 'valibot'
import { defineProcessor } from '../processor.ts'
import { pixelsSchema, scale, upscaleSchema } from './resize-scale.ts'

/** Scales to the smallest size that covers a width and a height. */
export const resizeToCover = defineProcessor({
  name: 'resizeToCover',
  positional: ['width', 'height'],
  options: v.strictObject({ width: pixelsSchema, height: pixelsSchema, upscale: upscaleSchema }),
  apply: (picture, { width, height, upscale }) =>
    scale(picture, Math.max(width / picture.width, height / picture.height), upscale),
})
