import * as v from 'valibot'
import { anchorSchema } from '../anchor.ts'
import { defineProcessor } from '../processor.ts'
import { pixelsSchema, upscaleSchema } from './resize-scale.ts'
import { resizeToFill } from './resize-to-fill.ts'
import { resizeToFit } from './resize-to-fit.ts'
import { fillByInterest } from './smart-resize.ts'

/** The options of {@link thumbnail}, also those of the built-in generator of that name. */
export const thumbnailOptionsSchema = v.pipe(
  v.strictObject({
    width: v.optional(pixelsSchema),
    height: v.optional(pixelsSchema),
    anchor: v.optional(v.union([v.literal('auto'), anchorSchema], 'Expected auto or an anchor')),
    crop: v.optional(v.boolean()),
    upscale: upscaleSchema,
  }),
  v.check(({ width, height }) => width !== undefined || height !== undefined, 'Expected a width, a height or both'),
  v.check(({ anchor, crop }) => anchor === undefined || crop !== false, 'Expected no anchor where nothing is cropped'),
  v.check(
    ({ width, height, anchor, crop }) =>
      (anchor === undefined && crop !== true) || (width !== undefined && height !== undefined),
    'Expected a width and a height to crop to',
  ),
)

/**
 * Makes a thumbnail by imagekit's rules: with a width and a height it fills both and crops, around the anchor or, if none
 * is given, where most is to be seen (`auto`); with one of them, or with `crop: false`, it fits.
 */
export const thumbnail = defineProcessor({
  name: 'thumbnail',
  positional: ['width', 'height'],
  options: thumbnailOptionsSchema,
  apply(picture, { width, height, anchor, crop, upscale }) {
    const cropped = crop ?? (width !== undefined && height !== undefined)
    if (!cropped || width === undefined || height === undefined) {
      return resizeToFit.definition.apply(picture, { width, height, matColor: undefined, anchor: 'center', upscale })
    }
    // As in pilkit, `crop: true` without an anchor keeps the middle.
    const around = anchor ?? (crop ? 'center' : 'auto')
    return around === 'auto'
      ? fillByInterest(picture, { width, height }, 'entropy', upscale)
      : resizeToFill.definition.apply(picture, { width, height, anchor: around, upscale })
  },
})
