import * as v from 'valibot'
import { makeProcessor } from '../processor.ts'
import { heightSchema, offsetSchema, widthSchema } from './pixels.ts'

/** Cuts out exactly a region, and fails where the picture doesn't have all of it; `crop` takes what there is. */
export const extract = makeProcessor({
  name: 'extract',
  positional: ['left', 'top', 'width', 'height'],
  options: v.strictObject({
    left: v.pipe(offsetSchema, v.description('Left edge in pixels')),
    top: v.pipe(offsetSchema, v.description('Upper edge in pixels')),
    width: widthSchema,
    height: heightSchema,
  }),
  apply: (picture, region) => picture.extract(region),
})
