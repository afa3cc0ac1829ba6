import * as v from 'valibot'
import type { Size } from '../geometry.ts'
import type { Picture } from '../picture.ts'
import { makeProcessor } from '../processor.ts'
import { heightSchema, widthSchema } from './pixels.ts'
import { scaleToCover, upscaleSchema } from './resize-scale.ts'
import { cropByInterest, type Interest, interestSchema } from './smart-crop.ts'

/** As `resizeToFill`, but keeps the part where most is to be seen. */
export const smartResize = makeProcessor({
  name: 'smartResize',
  positional: ['width', 'height'],
  options: v.strictObject({
    width: widthSchema,
    height: heightSchema,
    interest: interestSchema,
    upscale: upscaleSchema,
  }),
  apply: (picture, { interest, upscale, ...size }) => fillByInterest(picture, size, interest, upscale),
})

export function fillByInterest(picture: Picture, size: Size, interest: Interest, upscale: boolean): Picture {
  return cropByInterest(scaleToCover(picture, size, upscale), size, interest)
}
