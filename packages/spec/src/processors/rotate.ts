import * as v from 'valibot'
import { channelsOf, colorSchema } from '../color.ts'
import { defineProcessor } from '../processor.ts'

/** Rotates clockwise by degrees. The picture grows until nothing is cut off, and the corners get a color. */
export const rotate = defineProcessor({
  name: 'rotate',
  positional: ['angle'],
  options: v.strictObject({
    angle: v.pipe(v.number(), v.minValue(-360), v.maxValue(360)),
    color: v.optional(colorSchema, 'transparent'),
  }),
  apply(picture, { angle, color }) {
    const positive = ((angle % 360) + 360) % 360
    if (positive % 90 === 0) return picture.turn({ mirrored: false, quarters: positive / 90 })
    // How libvips rounds the size of a rotated picture is its own business: nobody is told beforehand.
    return picture.redraw((image) => image.rotate(positive, { background: channelsOf(color) }))
  },
})
