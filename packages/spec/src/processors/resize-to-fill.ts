import * as v from 'valibot'
import { anchorSchema, regionAround } from '../anchor.ts'
import { defineProcessor } from '../processor.ts'
import { pixelsSchema, scale, upscaleSchema } from './resize-scale.ts'

/** Scales until a width and a height are covered, and cuts off what is too much, as far away from the anchor as can be. */
export const resizeToFill = defineProcessor({
  name: 'resizeToFill',
  positional: ['width', 'height'],
  options: v.strictObject({
    width: pixelsSchema,
    height: pixelsSchema,
    anchor: v.optional(anchorSchema, 'center'),
    upscale: upscaleSchema,
  }),
  apply(picture, { width, height, anchor, upscale }) {
    const covering = scale(picture, Math.max(width / picture.width, height / picture.height), upscale)
    return covering.extract(regionAround(anchor, covering, { width, height }))
  },
})
