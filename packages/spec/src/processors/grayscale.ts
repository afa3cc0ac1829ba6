import * as v from 'valibot'
import { makeProcessor } from '../processor.ts'
import { saturationMatrix } from './saturation.ts'

/** Takes the colors out, keeping the brightness (the luma of Rec. 709, as CSS does). */
export const grayscale = makeProcessor({
  name: 'grayscale',
  options: v.strictObject({}),
  apply: (picture) => picture.effect((image) => image.recomb(saturationMatrix(0))),
})
