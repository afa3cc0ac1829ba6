import * as v from 'valibot'
import { anchorSchema, placeOnCanvas } from '../anchor.ts'
import { channelsOf, colorSchema } from '../color.ts'
import { makeProcessor } from '../processor.ts'
import { heightSchema, widthSchema } from './pixels.ts'
import { layOnCanvas } from './resize-canvas.ts'
import { scaleToFit, upscaleSchema } from './resize-scale.ts'

/**
 * Scales to the largest size that fits into a width and a height, either of which may be left out; with `matColor`, fills
 * up the rest of both.
 */
export const resizeToFit = makeProcessor({
  name: 'resizeToFit',
  positional: ['width', 'height'],
  options: v.pipe(
    v.strictObject({
      width: v.optional(widthSchema),
      height: v.optional(heightSchema),
      matColor: v.optional(
        v.pipe(
          colorSchema,
          v.description('What the rest of the width and the height is filled with; nothing is, without it'),
        ),
      ),
      anchor: v.optional(v.pipe(anchorSchema, v.description('Where the picture lies on that')), 'center'),
      upscale: upscaleSchema,
    }),
    v.check(({ width, height }) => width !== undefined || height !== undefined, 'Expected a width, a height or both'),
    v.check(
      ({ width, height, matColor }) => matColor === undefined || (width !== undefined && height !== undefined),
      'Expected a width and a height beside matColor',
    ),
  ),
  apply(picture, { width, height, matColor, anchor, upscale }) {
    const fitted = scaleToFit(picture, { width, height }, upscale)
    if (matColor === undefined) return fitted
    const canvas = { width: width ?? fitted.width, height: height ?? fitted.height }
    return layOnCanvas(fitted, canvas, placeOnCanvas(anchor, fitted, canvas), channelsOf(matColor))
  },
})
