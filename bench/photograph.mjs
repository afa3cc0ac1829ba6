import sharp from 'sharp'
import { randomFrom } from '../scripts/random-from.mjs'

/** Sizes of the noise's cells in pixels, and their amplitudes: about what photographs have (1/f). */
const octaves = [
  [512, 0.9],
  [128, 0.45],
  [32, 0.3],
  [8, 0.2],
  [2, 0.1],
]

/** A JPEG that costs what a photograph of its size costs to decode: noise of all scales over a gradient. */
export async function photograph(width, height, seed = 1) {
  const random = randomFrom(seed)
  const sum = new Float32Array(width * height * 3).fill(128)
  for (const [cell, amplitude] of octaves) {
    const size = { width: Math.ceil(width / cell), height: Math.ceil(height / cell) }
    const noise = Buffer.from({ length: size.width * size.height * 3 }, random)
    for (let index = 0; index < noise.length; index++) noise[index] = random() * 256
    const layer = await sharp(noise, { raw: { ...size, channels: 3 } })
      .resize(width, height, { fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer()
    for (let index = 0; index < sum.length; index++) sum[index] += (layer[index] - 128) * amplitude
  }
  const pixels = Buffer.from(Uint8ClampedArray.from(sum).buffer)
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer()
}
