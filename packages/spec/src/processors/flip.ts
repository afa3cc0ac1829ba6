import * as v from 'valibot'
import { makeProcessor } from '../processor.ts'

/** Mirrors: `horizontal` exchanges left and right, `vertical` top and bottom. */
export const flip = makeProcessor({
  name: 'flip',
  positional: ['direction'],
  options: v.strictObject({
    direction: v.pipe(v.picklist(['horizontal', 'vertical']), v.description('Which sides are exchanged')),
  }),
  apply: (picture, { direction }) => picture.turn({ mirrored: true, quarters: direction === 'horizontal' ? 0 : 2 }),
})
