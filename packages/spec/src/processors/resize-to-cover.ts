import * as v from 'valibot'
import { makeProcessor } from '../processor.ts'
import { heightSchema, widthSchema } from './pixels.ts'
import { scaleToCover, upscaleSchema } from './resize-scale.ts'

/** Scales to the smallest size that covers a width and a height. */
export const resizeToCover = makeProcessor({
  name: 'resizeToCover',
  positional: ['width', 'height'],
  options: v.strictObject({ width: widthSchema, height: heightSchema, upscale: upscaleSchema }),
  apply: (picture, { upscale, ...size }) => scaleToCover(picture, size, upscale),
})
