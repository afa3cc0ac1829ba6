import * as v from 'valibot'
import { channelsOf, colorSchema } from '../color.ts'
import { defineProcessor } from '../processor.ts'

const edgeSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))

/** The thickness of a border: one number, or top, right, bottom and left. */
export type Thickness = number | readonly [top: number, right: number, bottom: number, left: number]

const thicknessSchema: v.GenericSchema<Thickness> = v.union(
  [edgeSchema, v.pipe(v.strictTuple([edgeSchema, edgeSchema, edgeSchema, edgeSchema]), v.readonly())],
  ({ received }) => `Expected a number of pixels or [top, right, bottom, left], but received ${received}`,
)

/** Adds a border around the picture, which grows by it. */
export const addBorder = defineProcessor({
  name: 'addBorder',
  positional: ['thickness'],
  options: v.strictObject({ thickness: thicknessSchema, color: v.optional(colorSchema, 'transparent') }),
  apply(picture, { thickness, color }) {
    const [top, right, bottom, left] =
      typeof thickness === 'number' ? [thickness, thickness, thickness, thickness] : thickness
    return picture.extend({ top, right, bottom, left }, channelsOf(color))
  },
})
