import * as v from 'valibot'
import type { Size } from '../geometry.ts'
import type { Picture } from '../picture.ts'
import { defineProcessor } from '../processor.ts'
import { pixelsSchema, scale, upscaleSchema } from './resize-scale.ts'
import { cropByInterest, type Interest, interestSchema } from './smart-crop.ts'

/** As `resizeToFill`, but keeps the part where most is to be seen. */
export const smartResize = defineProcessor({
  name: 'smartResize',
  positional: ['width', 'height'],
  options: v.strictObject({
    width: pixelsSchema,
    height: pixelsSchema,
    interest: interestSchema,
    upscale: upscaleSchema,
  }),
  apply: (picture, { width, height, interest, upscale }) =>
    fillByInterest(picture, { width, height }, interest, upscale),
})

export function fillByInterest(picture: Picture, size: Size, interest: Interest, upscale: boolean): Picture {
  const factor = Math.max(size.width / picture.width, size.height / picture.height)
  return cropByInterest(scale(picture, factor, upscale), size, interest)
}
