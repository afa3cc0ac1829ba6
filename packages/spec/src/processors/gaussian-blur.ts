import * as v from 'valibot'
import { makeProcessor } from '../processor.ts'

/** Blurs. The radius is the standard deviation of the Gaussian, in pixels. */
export const gaussianBlur = makeProcessor({
  name: 'gaussianBlur',
  positional: ['radius'],
  options: v.strictObject({
    radius: v.optional(
      v.pipe(v.number(), v.minValue(0.3), v.maxValue(200), v.description('Standard deviation in pixels')),
      2,
    ),
  }),
  apply: (picture, { radius }) => picture.effect((image) => image.blur({ sigma: radius, minAmplitude: 0.02 })),
})
