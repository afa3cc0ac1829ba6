import * as v from 'valibot'
import { makeProcessor } from '../processor.ts'
import { sideSchema } from './pixels.ts'
import { scaleToCover, upscaleSchema } from './resize-scale.ts'

/** Scales to the smallest size that covers a width and a height. */
export const resizeToCover = makeProcessor({
  name: 'resizeToCover',
  positional: ['width', 'height'],
  options: v.strictObject({ width: sideSchema, height: sideSchema, upscale: upscaleSchema }),
  apply: (picture, { upscale, ...size }) => scaleToCover(picture, size, upscale),
})
