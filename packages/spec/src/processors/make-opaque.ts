import * as v from 'valibot'
import { channelsOf, colorSchema } from '../color.ts'
import { makeProcessor } from '../processor.ts'

/** Lays the picture on a color, so that nothing of it is transparent any more. */
export const makeOpaque = makeProcessor({
  name: 'makeOpaque',
  positional: ['color'],
  options: v.strictObject({
    color: v.optional(
      v.pipe(
        colorSchema,
        v.description('What is seen where the picture was transparent; its own transparency does not count'),
      ),
      'white',
    ),
  }),
  apply: (picture, { color }) =>
    picture.effect((image) => image.flatten({ background: { ...channelsOf(color), alpha: 1 } })),
})
