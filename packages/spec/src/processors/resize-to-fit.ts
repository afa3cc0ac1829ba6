import * as v from 'valibot'
import { anchorSchema, placeOnCanvas } from '../anchor.ts'
import { channelsOf, colorSchema } from '../color.ts'
import { makeProcessor } from '../processor.ts'
import { sideSchema } from './pixels.ts'
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
      width: v.optional(sideSchema),
      height: v.optional(sideSchema),
      matColor: v.optional(colorSchema),
      anchor: v.optional(anchorSchema, 'center'),
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
