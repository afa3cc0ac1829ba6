import * as v from 'valibot'
import { anchorSchema, placeOnCanvas } from '../anchor.ts'
import { type Channels, channelsOf, colorSchema } from '../color.ts'
import type { Size } from '../geometry.ts'
import type { Picture } from '../picture.ts'
import { defineProcessor } from '../processor.ts'
import { pixelsSchema } from './resize-scale.ts'

const offsetSchema = v.pipe(v.number(), v.integer(), v.minValue(-65_535), v.maxValue(65_535))

/** Puts the picture, at its size, on a canvas of another: what the canvas has more is filled, what it lacks is cut off. */
export const resizeCanvas = defineProcessor({
  name: 'resizeCanvas',
  positional: ['width', 'height'],
  options: v.pipe(
    v.strictObject({
      width: pixelsSchema,
      height: pixelsSchema,
      color: v.optional(colorSchema, 'transparent'),
      anchor: v.optional(anchorSchema),
      x: v.optional(offsetSchema),
      y: v.optional(offsetSchema),
    }),
    v.check(
      ({ anchor, x, y }) => anchor === undefined || (x === undefined && y === undefined),
      'Expected an anchor, or x and y, but not both',
    ),
  ),
  apply(picture, { width, height, color, anchor = 'center', x, y }) {
    const canvas = { width, height }
    const byOffset = x !== undefined || y !== undefined
    const place = byOffset ? { left: x ?? 0, top: y ?? 0 } : placeOnCanvas(anchor, picture, canvas)
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
