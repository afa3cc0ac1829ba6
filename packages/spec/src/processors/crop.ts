import * as v from 'valibot'
import { anchorSchema, regionAround } from '../anchor.ts'
import { defineProcessor } from '../processor.ts'
import { pixelsSchema } from './resize-scale.ts'

const offsetSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))

/** Cuts out a width and a height around an anchor, or at `x` and `y`. Never enlarges: what a picture lacks stays lacking. */
export const crop = defineProcessor({
  name: 'crop',
  positional: ['width', 'height'],
  options: v.pipe(
    v.strictObject({
      width: v.optional(pixelsSchema),
      height: v.optional(pixelsSchema),
      anchor: v.optional(anchorSchema),
      x: v.optional(offsetSchema),
      y: v.optional(offsetSchema),
    }),
    v.check(({ width, height }) => width !== undefined || height !== undefined, 'Expected a width, a height or both'),
    v.check(
      ({ anchor, x, y }) => anchor === undefined || (x === undefined && y === undefined),
      'Expected an anchor, or x and y, but not both',
    ),
  ),
  apply(picture, { width = picture.width, height = picture.height, anchor = 'center', x, y }) {
    if (x === undefined && y === undefined) return picture.extract(regionAround(anchor, picture, { width, height }))
    const left = x ?? 0
    const top = y ?? 0
    return picture.extract({
      left,
      top,
      width: Math.min(width, picture.width - left),
      height: Math.min(height, picture.height - top),
    })
  },
})
