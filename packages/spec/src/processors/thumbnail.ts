import * as v from 'valibot'
import { anchorSchema } from '../anchor.ts'
import type { Size } from '../geometry.ts'
import { makeProcessor } from '../processor.ts'
import { heightSchema, widthSchema } from './pixels.ts'
import { scaleToFit, upscaleSchema } from './resize-scale.ts'
import { fillAround } from './resize-to-fill.ts'
import { fillByInterest } from './smart-resize.ts'

/**
 * Makes a thumbnail by imagekit's rules: with a width and a height it fills both and crops, around the anchor or, if none
 * is given, where most is to be seen (`auto`); with one of them, or with `crop: false`, it fits.
 */
export const thumbnail = makeProcessor({
  name: 'thumbnail',
  positional: ['width', 'height'],
  options: v.pipe(
    v.strictObject({
      width: v.optional(widthSchema),
      height: v.optional(heightSchema),
      anchor: v.optional(
        v.pipe(
          v.union([v.literal('auto'), anchorSchema], 'Expected auto or an anchor'),
          v.description('The point that is cropped around; with `crop: true` it is `center` if left out'),
        ),
        'auto',
      ),
      crop: v.optional(
        v.pipe(
          v.boolean(),
          v.description('Whether what is too much is cut off; it is, where there are a width and a height'),
        ),
      ),
      upscale: upscaleSchema,
    }),
    v.check(({ width, height }) => width !== undefined || height !== undefined, 'Expected a width, a height or both'),
    v.check(({ anchor, crop }) => anchor === 'auto' || crop !== false, 'Expected no anchor where nothing is cropped'),
    v.check(
      ({ anchor, crop, ...size }) => (anchor === 'auto' && crop !== true) || hasBothSides(size),
      'Expected a width and a height to crop to',
    ),
  ),
  complete({ crop, ...options }) {
    const isCropped = hasBothSides(options)
    // As in pilkit, `crop: true` without an anchor keeps the middle.
    if (crop === true && isCropped) return { anchor: 'center', ...options }
    return crop === undefined || crop === isCropped ? options : { crop, ...options }
  },
  apply(picture, { anchor, crop, upscale, ...size }) {
    if (crop === false || !hasBothSides(size)) return scaleToFit(picture, size, upscale)
    return anchor === 'auto'
      ? fillByInterest(picture, size, 'entropy', upscale)
      : fillAround(picture, size, anchor, upscale)
  },
})

function hasBothSides<Sides extends { readonly width?: unknown; readonly height?: unknown }>(
  sides: Sides,
): sides is Sides & Size {
  return sides.width !== undefined && sides.height !== undefined
}
