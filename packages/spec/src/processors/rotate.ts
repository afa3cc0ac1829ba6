import type { Sharp } from 'sharp'
import * as v from 'valibot'
import { type Channels, channelsOf, colorSchema } from '../color.ts'
import type { Size } from '../geometry.ts'
import { makeProcessor } from '../processor.ts'

/** Rotates clockwise by degrees. The picture grows until nothing is cut off, and the corners get a color. */
export const rotate = makeProcessor({
  name: 'rotate',
  positional: ['angle'],
  options: v.strictObject({
    angle: v.pipe(v.number(), v.minValue(-360), v.maxValue(360), v.description('Degrees, clockwise')),
    color: v.optional(v.pipe(colorSchema, v.description('Of the corners')), 'transparent'),
  }),
  apply(picture, { angle, color }) {
    const positive = ((angle % 360) + 360) % 360
    if (positive % 90 === 0) return picture.turn({ mirrored: false, quarters: positive / 90 })
    const size = rotatedSize(picture, positive)
    return picture.redraw((image) => rotated(image, positive, size, channelsOf(color)), size)
  },
})

function rotatedSize({ width, height }: Size, degrees: number): Size {
  const cos = Math.abs(Math.cos((degrees * Math.PI) / 180))
  const sin = Math.abs(Math.sin((degrees * Math.PI) / 180))
  return {
    width: Math.max(1, Math.round(width * cos + height * sin)),
    height: Math.max(1, Math.round(width * sin + height * cos)),
  }
}

/** libvips rounds sizes in its own way: a row or a column of background is added or taken away to keep to ours. */
async function rotated(image: Sharp, angle: number, size: Size, background: Channels): Promise<Sharp> {
  const { data, info } = await image.rotate(angle, { background }).raw().toBuffer({ resolveWithObject: true })
  const { sharp } = await import('../sharp.ts')
  const { width, height, channels } = info
  const kept = { width: Math.min(width, size.width), height: Math.min(height, size.height) }
  const edges = { right: size.width - kept.width, bottom: size.height - kept.height }
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
    .extract({ left: 0, top: 0, ...kept })
    .extend({ ...edges, background })
}
