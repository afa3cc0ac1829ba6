import * as v from 'valibot'
import type { Picture } from '../picture.ts'
import { makeProcessor } from '../processor.ts'
import { saturationMatrix } from './saturation.ts'

const factor = (meaning: string) =>
  v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(10), v.description(meaning)), 1)

/**
 * Changes saturation, brightness, contrast and sharpness by factors; 1 leaves things as they are, 0 leaves grays, black,
 * one gray, or a blur.
 */
export const adjust = makeProcessor({
  name: 'adjust',
  options: v.strictObject({
    brightness: factor('Factor of all channels; 0 makes black'),
    contrast: factor('Factor of the distance from the middle gray; 0 makes that gray'),
    saturation: factor('Factor of the colors; 0 makes grays'),
    sharpness: factor('Factor of the details; 0 blurs'),
  }),
  apply: (picture, { saturation, brightness, contrast, sharpness }) =>
    sharpen(adjustColors(picture, saturation, brightness, contrast), sharpness),
})

function adjustColors(picture: Picture, saturation: number, brightness: number, contrast: number): Picture {
  if (saturation === 1 && brightness === 1 && contrast === 1) return picture
  // Contrast turns around the middle gray, as in CSS: a mean of the picture would make animations flicker.
  const middle = 127.5 * (1 - contrast)
  return picture.effect((image) =>
    image.recomb(saturationMatrix(saturation, brightness * contrast)).linear([1, 1, 1], [middle, middle, middle]),
  )
}

/** Mixes the picture with a smoothed one (PIL's kernel), or moves it away from that. */
function sharpen(picture: Picture, sharpness: number): Picture {
  if (sharpness === 1) return picture
  const around = (1 - sharpness) / 13
  const middle = (5 * (1 - sharpness)) / 13 + sharpness
  const kernel = [around, around, around, around, middle, around, around, around, around]
  return picture.effect((image) => image.convolve({ width: 3, height: 3, kernel, scale: 1 }))
}
