import * as v from 'valibot'
import { defineProcessor } from '../processor.ts'
import { pixelsSchema, upscaleSchema } from './resize-scale.ts'

/** Scales to exactly a width and a height, whatever that does to the proportions. */
export const resize = defineProcessor({
  name: 'resize',
  positional: ['width', 'height'],
  options: v.strictObject({ width: pixelsSchema, height: pixelsSchema, upscale: upscaleSchema }),
  apply(picture, { width, height, upscale }) {
    if (!upscale && (width > picture.width || height > picture.height)) return picture
    return picture.resize(width, height)
  },
})
