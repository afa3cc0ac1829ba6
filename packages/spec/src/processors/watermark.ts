import type { OverlayOptions } from 'sharp'
import * as v from 'valibot'
import { type Anchor, anchorSchema, placeOnCanvas } from '../anchor.ts'
import type { Size } from '../geometry.ts'
import { strictly } from '../header.ts'
import { makeProcessor } from '../processor.ts'
import { offsetSchema } from './pixels.ts'

/**
 * Lays another image over the picture, found by its name where the kernel finds sources, or opened by the spec's
 * `openImage`. It is scaled down where the picture has no room for it. Give another `revision` when the image behind the name changes, so that files get new names.
 */
export const watermark = makeProcessor({
  name: 'watermark',
  positional: ['image'],
  options: v.strictObject({
    image: v.pipe(v.string(), v.minLength(1), v.description('Name of the image')),
    anchor: v.optional(v.pipe(anchorSchema, v.description('Where it lies')), 'bottom-right'),
    width: v.optional(
      v.pipe(
        v.number(),
        v.minValue(0.001),
        v.maxValue(1),
        v.description('Its width as a share of that of the picture; its own, if left out'),
      ),
    ),
    margin: v.optional(v.pipe(offsetSchema, v.description('Pixels that stay free at the edges')), 0),
    opacity: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1), v.description('How much of it is seen')), 1),
    revision: v.optional(v.pipe(v.string(), v.description('Says which image the name stands for'))),
  }),
  apply: (picture, { image: name, anchor, width, margin, opacity }) =>
    picture.effect(async (image, context) => {
      const room = { width: context.width - 2 * margin, height: context.height - 2 * margin }
      if (room.width < 1 || room.height < 1) return image
      const data = await context.openImage(name)
      const asked = width === undefined ? undefined : Math.max(1, Math.round(context.width * width))
      return image.composite([await overlay(data, room, asked, opacity, anchor, margin)])
    }),
})

async function overlay(
  data: Uint8Array,
  room: Size,
  width: number | undefined,
  opacity: number,
  anchor: Anchor,
  margin: number,
): Promise<OverlayOptions> {
  const { sharp } = await import('../sharp.ts')
  const fitted = sharp(data, { ...strictly, autoOrient: true }).resize({
    width: Math.min(width ?? room.width, room.width),
    height: room.height,
    fit: 'inside',
    withoutEnlargement: width === undefined,
  })
  const { data: input, info } = await fitted.ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  if (opacity < 1) {
    for (let alpha = 3; alpha < input.length; alpha += 4) input[alpha] = Math.round((input[alpha] ?? 0) * opacity)
  }
  const place = placeOnCanvas(anchor, info, room)
  const raw = { width: info.width, height: info.height, channels: 4 as const }
  return { input, raw, left: place.left + margin, top: place.top + margin }
}
