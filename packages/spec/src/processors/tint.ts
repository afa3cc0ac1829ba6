import * as v from 'valibot'
import { channelsOf, colorSchema } from '../color.ts'
import { makeProcessor } from '../processor.ts'

/** Gives everything the hue of a color and keeps the lightness (L of CIELAB). */
export const tint = makeProcessor({
  name: 'tint',
  positional: ['color'],
  options: v.strictObject({ color: v.pipe(colorSchema, v.description('Whose hue it takes')) }),
  apply: (picture, { color }) => picture.effect((image) => image.tint({ ...channelsOf(color), alpha: 1 })),
})
