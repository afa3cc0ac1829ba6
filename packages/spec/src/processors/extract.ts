import * as v from 'valibot'
import { makeProcessor } from '../processor.ts'
import { offsetSchema, sideSchema } from './pixels.ts'

/** Cuts out exactly a region, and fails where the picture doesn't have all of it; `crop` takes what there is. */
export const extract = makeProcessor({
  name: 'extract',
  positional: ['left', 'top', 'width', 'height'],
  options: v.strictObject({ left: offsetSchema, top: offsetSchema, width: sideSchema, height: sideSchema }),
  apply: (picture, region) => picture.extract(region),
})
