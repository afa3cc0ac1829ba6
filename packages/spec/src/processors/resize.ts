import * as v from 'valibot'
import { makeProcessor } from '../processor.ts'
import { heightSchema, widthSchema } from './pixels.ts'
import { upscaleSchema } from './resize-scale.ts'

/** Scales to exactly a width and a height, whatever that does to the proportions. */
export const resize = makeProcessor({
  name: 'resize',
  positional: ['width', 'height'],
  options: v.strictObject({ width: widthSchema, height: heightSchema, upscale: upscaleSchema }),
  apply(picture, { width, height, upscale }) {
    if (!upscale && (width > picture.width || height > picture.height)) return picture
    return picture.resize(width, height)
  },
})
