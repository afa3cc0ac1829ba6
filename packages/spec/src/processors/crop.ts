import * as v from 'valibot'
import { regionAround } from '../anchor.ts'
import { makeProcessor } from '../processor.ts'
import { heightSchema, offsetSchema, widthSchema } from './pixels.ts'
import { completePlacement, isOnePlace, onePlace, placementAnchor, pointOf } from './placement.ts'

/** Cuts out a width and a height around an anchor, or at `x` and `y`. Never enlarges: what a picture lacks stays lacking. */
export const crop = makeProcessor({
  name: 'crop',
  positional: ['width', 'height'],
  options: v.pipe(
    v.strictObject({
      width: v.optional(widthSchema),
      height: v.optional(heightSchema),
      anchor: placementAnchor,
      x: v.optional(v.pipe(offsetSchema, v.description('Left edge in pixels; 0 where only `y` is given'))),
      y: v.optional(v.pipe(offsetSchema, v.description('Upper edge in pixels; 0 where only `x` is given'))),
    }),
    v.check(({ width, height }) => width !== undefined || height !== undefined, 'Expected a width, a height or both'),
    v.check((options) => isOnePlace(options), onePlace),
  ),
  complete: completePlacement,
  apply(picture, { width = picture.width, height = picture.height, ...placement }) {
    const point = pointOf(placement)
    if (!point) return picture.extract(regionAround(placement.anchor, picture, { width, height }))
    return picture.extract({
      ...point,
      width: Math.min(width, picture.width - point.left),
      height: Math.min(height, picture.height - point.top),
    })
  },
})
