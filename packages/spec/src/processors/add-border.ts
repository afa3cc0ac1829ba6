import * as v from 'valibot'
import { channelsOf, colorSchema } from '../color.ts'
import { makeProcessor } from '../processor.ts'
import { offsetSchema } from './pixels.ts'

/** The thickness of a border: one number, or top, right, bottom and left. */
export type Thickness = number | readonly [top: number, right: number, bottom: number, left: number]

const thicknessSchema: v.GenericSchema<Thickness> = v.union(
  [offsetSchema, v.pipe(v.strictTuple([offsetSchema, offsetSchema, offsetSchema, offsetSchema]), v.readonly())],
  ({ received }) => `Expected a number of pixels or [top, right, bottom, left], but received ${received}`,
)

/** Adds a border around the picture, which grows by it. */
export const addBorder = makeProcessor({
  name: 'addBorder',
  positional: ['thickness'],
  options: v.strictObject({
    thickness: v.pipe(thicknessSchema, v.description('Pixels on each side, or at the top, right, bottom and left')),
    color: v.optional(v.pipe(colorSchema, v.description('Of the border')), 'transparent'),
  }),
  apply(picture, { thickness, color }) {
    const [top, right, bottom, left] =
      typeof thickness === 'number' ? [thickness, thickness, thickness, thickness] : thickness
    return picture.extend({ top, right, bottom, left }, channelsOf(color))
  },
})
