import * as v from 'valibot'
import { placeOnCanvas } from '../anchor.ts'
import { type Channels, channelsOf, colorSchema } from '../color.ts'
import type { Size } from '../geometry.ts'
import type { Picture } from '../picture.ts'
import { makeProcessor } from '../processor.ts'
import { heightSchema, placeSchema, widthSchema } from './pixels.ts'
import { completePlacement, isOnePlace, onePlace, placementAnchor, pointOf } from './placement.ts'

/** Puts the picture, at its size, on a canvas of another: what the canvas has more is filled, what it lacks is cut off. */
export const resizeCanvas = makeProcessor({
  name: 'resizeCanvas',
  positional: ['width', 'height'],
  options: v.pipe(
    v.strictObject({
      width: widthSchema,
      height: heightSchema,
      color: v.optional(v.pipe(colorSchema, v.description('Of what the canvas has more')), 'transparent'),
      anchor: placementAnchor,
      x: v.optional(
        v.pipe(
          placeSchema,
          v.description('Left edge of the picture on the canvas, in pixels; 0 where only `y` is given'),
        ),
      ),
      y: v.optional(
        v.pipe(
          placeSchema,
          v.description('Upper edge of the picture on the canvas, in pixels; 0 where only `x` is given'),
        ),
      ),
    }),
    v.check((options) => isOnePlace(options), onePlace),
  ),
  complete: completePlacement,
  apply(picture, { width, height, color, ...placement }) {
    const canvas = { width, height }
    const place = pointOf(placement) ?? placeOnCanvas(placement.anchor, picture, canvas)
    return layOnCanvas(picture, canvas, place, channelsOf(color))
  },
})

/** A picture on a canvas, its upper left corner at a place that may lie outside. */
export function layOnCanvas(
  picture: Picture,
  canvas: Size,
  place: { readonly left: number; readonly top: number },
  color: Channels,
): Picture {
  const left = Math.max(0, place.left)
  const top = Math.max(0, place.top)
  const right = Math.min(canvas.width, place.left + picture.width)
  const bottom = Math.min(canvas.height, place.top + picture.height)
  if (right <= left || bottom <= top) {
    throw new RangeError(`Nothing of the picture of ${picture.width} × ${picture.height} pixels is on the canvas`)
  }
  const visible = picture.extract({
    left: left - place.left,
    top: top - place.top,
    width: right - left,
    height: bottom - top,
  })
  return visible.extend({ top, right: canvas.width - right, bottom: canvas.height - bottom, left }, color)
}
