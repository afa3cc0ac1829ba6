import * as v from 'valibot'
import { makeProcessor } from '../processor.ts'
import { longestSide } from './pixels.ts'

/** Rounds the corners off, by a radius in pixels or `full` for as round as can be; what is cut off is transparent. */
export const roundCorners = makeProcessor({
  name: 'roundCorners',
  positional: ['radius'],
  options: v.strictObject({
    radius: v.pipe(
      v.union(
        [v.literal('full'), v.pipe(v.number(), v.minValue(1), v.maxValue(longestSide))],
        ({ received }) => `Expected a number of pixels or full, but received ${received}`,
      ),
      v.description('Pixels, or as many as there can be'),
    ),
  }),
  apply(picture, { radius }) {
    const most = Math.min(picture.width, picture.height) / 2
    const rounded = radius === 'full' ? most : Math.min(radius, most)
    return picture.effect(async (image) => {
      const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true })
      cutCorners(data, info.width, info.height, rounded)
      const { sharp } = await import('../sharp.ts')
      return sharp(data, { raw: { width: info.width, height: info.height, channels: 4 } })
    })
  },
})

function cutCorners(data: Uint8Array, width: number, height: number, radius: number): void {
  const fade = (x: number, y: number, visible: number) => {
    const alpha = (y * width + x) * 4 + 3
    data[alpha] = Math.round((data[alpha] ?? 0) * visible)
  }
  for (let y = 0; y + 0.5 <= radius; y++) {
    for (let x = 0; x + 0.5 <= radius; x++) {
      // How much of the pixel is inside the circle, by the distance of its middle.
      const distance = Math.sqrt((radius - x - 0.5) ** 2 + (radius - y - 0.5) ** 2)
      const inside = Math.min(1, Math.max(0, radius - distance + 0.5))
      // So is the rest of the row: a large picture must not keep the process busy for what is left as it is.
      if (inside === 1) break
      fade(x, y, inside)
      fade(width - 1 - x, y, inside)
      fade(x, height - 1 - y, inside)
      fade(width - 1 - x, height - 1 - y, inside)
    }
  }
}
