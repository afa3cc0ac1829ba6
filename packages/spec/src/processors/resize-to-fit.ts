import * as v from 'valibot'
import { anchorSchema, placeOnCanvas } from '../anchor.ts'
import { channelsOf, colorSchema } from '../color.ts'
import { defineProcessor } from '../processor.ts'
import { layOnCanvas } from './resize-canvas.ts'
import { pixelsSchema, scale, upscaleSchema } from './resize-scale.ts'

/**
 * Scales to the largest size that fits into a width and a height, either of which may be left out; with `matColor`, fills
 * up the rest of both.
 */
export const resizeToFit = defineProcessor({
  name: 'resizeToFit',
  positional: ['width', 'height'],
  options: v.pipe(
    v.strictObject({
      width: v.optional(pixelsSchema),
      height: v.optional(pixelsSchema),
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
    const factor = Math.min(
      width === undefined ? Number.POSITIVE_INFINITY : width / picture.width,
      height === undefined ? Number.POSITIVE_INFINITY : height / picture.height,
    )
    const fitted = scale(picture, factor, upscale)
    if (matColor === undefined) return fitted
    const canvas = { width: width ?? fitted.width, height: height ?? fitted.height }
    return layOnCanvas(fitted, canvas, placeOnCanvas(anchor, fitted, canvas), channelsOf(matColor))
  },
})
