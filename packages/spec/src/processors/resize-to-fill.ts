import * as v from 'valibot'
import { type Anchor, anchorSchema, regionAround } from '../anchor.ts'
import type { Size } from '../geometry.ts'
import type { Picture } from '../picture.ts'
import { makeProcessor } from '../processor.ts'
import { heightSchema, widthSchema } from './pixels.ts'
import { scaleToCover, upscaleSchema } from './resize-scale.ts'

/** Scales until a width and a height are covered, and cuts off what is too much, as far away from the anchor as can be. */
export const resizeToFill = makeProcessor({
  name: 'resizeToFill',
  positional: ['width', 'height'],
  options: v.strictObject({
    width: widthSchema,
    height: heightSchema,
    anchor: v.optional(
      v.pipe(anchorSchema, v.description('The point that is kept as near to the middle as can be')),
      'center',
    ),
    upscale: upscaleSchema,
  }),
  apply: (picture, { anchor, upscale, ...size }) => fillAround(picture, size, anchor, upscale),
})

export function fillAround(picture: Picture, size: Size, anchor: Anchor, upscale: boolean): Picture {
  const covering = scaleToCover(picture, size, upscale)
  return covering.extract(regionAround(anchor, covering, size))
}
