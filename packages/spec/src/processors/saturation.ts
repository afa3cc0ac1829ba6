import type { Matrix3x3 } from 'sharp'

// Shares of red, green and blue in the luma of Rec. 709.
const red = 0.2126
const green = 0.7152
const blue = 0.0722

/** The matrix that changes saturation by a factor and keeps the luma: 0 leaves grays, 1 everything as it is. */
export function saturationMatrix(factor: number, brightness = 1): Matrix3x3 {
  const rest = 1 - factor
  const row = (own: number): [number, number, number] => [
    (rest * red + (own === 0 ? factor : 0)) * brightness,
    (rest * green + (own === 1 ? factor : 0)) * brightness,
    (rest * blue + (own === 2 ? factor : 0)) * brightness,
  ]
  return [row(0), row(1), row(2)]
}
