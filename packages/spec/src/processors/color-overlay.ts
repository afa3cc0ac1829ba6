import * as v from 'valibot'
import { channelsOf, colorSchema } from '../color.ts'
import { makeProcessor } from '../processor.ts'

/** Lays a color over the picture. What is transparent stays so. */
export const colorOverlay = makeProcessor({
  name: 'colorOverlay',
  positional: ['color'],
  options: v.strictObject({
    color: v.pipe(colorSchema, v.description('What is laid over')),
    opacity: v.optional(
      v.pipe(
        v.number(),
        v.minValue(0),
        v.maxValue(1),
        v.description('How much of it is seen; less, where the color is transparent itself'),
      ),
      0.5,
    ),
  }),
  apply(picture, { color, opacity }) {
    const { r, g, b, alpha } = channelsOf(color)
    const share = opacity * alpha
    const rest = 1 - share
    return picture.effect((image) => image.linear([rest, rest, rest], [r * share, g * share, b * share]))
  },
})
