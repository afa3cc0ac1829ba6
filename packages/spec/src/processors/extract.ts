import * as v from 'valibot'
import { defineProcessor } from '../processor.ts'
import { pixelsSchema } from './resize-scale.ts'

const offsetSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))

/** Cuts out exactly a region, and fails where the picture doesn't have all of it; `crop` takes what there is. */
export const extract = defineProcessor({
  name: 'extract',
  positional: ['left', 'top', 'width', 'height'],
  options: v.strictObject({ left: offsetSchema, top: offsetSchema, width: pixelsSchema, height: pixelsSchema }),
  apply: (picture, region) => picture.extract(region),
})
