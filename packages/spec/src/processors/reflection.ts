import type { Sharp } from 'sharp'
import * as v from 'valibot'
import { channelsOf, colorSchema } from '../color.ts'
import type { Size } from '../geometry.ts'
import { makeProcessor } from '../processor.ts'

/** Adds a mirror image below that fades into a color. `size` is the share of the picture's height that is mirrored. */
export const reflection = makeProcessor({
  name: 'reflection',
  options: v.strictObject({
    size: v.optional(
      v.pipe(
        v.number(),
        v.minValue(0.01),
        v.maxValue(1),
        v.description('Share of the height of the picture that is mirrored'),
      ),
      0.3,
    ),
    opacity: v.optional(
      v.pipe(v.number(), v.minValue(0), v.maxValue(1), v.description('How much of it is seen where it begins')),
      0.6,
    ),
    color: v.optional(v.pipe(colorSchema, v.description('What it fades into')), 'white'),
  }),
  apply(picture, { size, opacity, color }) {
    const height = Math.max(1, Math.round(picture.height * size))
    const effect = async (image: Sharp) => {
      const input = await mirrored(image, picture, height, opacity)
      const raw = { width: picture.width, height, channels: 4 as const }
      return image
        .extend({ bottom: height, background: channelsOf(color) })
        .composite([{ input, raw, left: 0, top: picture.height }])
    }
    return picture.redraw(effect, { width: picture.width, height: picture.height + height })
  },
})

/** The lowest rows upside down, less and less visible downwards. */
async function mirrored(image: Sharp, picture: Size, height: number, opacity: number): Promise<Buffer> {
  const lowest = { left: 0, top: picture.height - height, width: picture.width, height }
  const data = await image.clone().extract(lowest).flip().ensureAlpha().raw().toBuffer()
  for (let y = 0; y < height; y++) {
    const visible = opacity * (1 - y / height)
    for (let alpha = y * picture.width * 4 + 3; alpha < (y + 1) * picture.width * 4; alpha += 4) {
      data[alpha] = Math.round((data[alpha] ?? 0) * visible)
    }
  }
  return data
}
