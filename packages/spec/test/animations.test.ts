import { grayscale, imageSpec, resizeToFit, type Step } from '@latent-image/spec'
import { expect, test } from 'vitest'
import { animation, decode, distance, type Rgb } from './pictures.ts'

const black: Rgb = { r: 0, g: 0, b: 0 }
const white: Rgb = { r: 255, g: 255, b: 255 }
const side = 60

/** The greatest distance of any pixel of any frame from the color that the frame has. */
async function bleeding(processors: readonly Step[]): Promise<number> {
  const colors = [black, white, black]
  const spec = imageSpec({ processors, format: 'webp', options: { lossless: true } })
  const { data } = await spec.generate(await animation(side, side, colors, 'webp'))
  const worst = colors.map(async (color, page) => {
    const { width, height, at } = await decode(data, page)
    const pixels = Array.from({ length: width * height }, (_, index) => at(index % width, Math.floor(index / width)))
    return Math.max(...pixels.map((pixel) => distance(pixel, color)))
  })
  return Math.max(...(await Promise.all(worst)))
}

test.for([15, 40, 59, 61, 90, 200])('frames scaled to %i pixels keep apart', async (length) => {
  expect(await bleeding([resizeToFit(length, length, { upscale: true })])).toBeLessThanOrEqual(1)
})

test('frames that are enlarged after other passes keep apart', async () => {
  const processors = [grayscale(), resizeToFit(90, 90, { upscale: true })]
  expect(await bleeding(processors)).toBeLessThanOrEqual(1)
})
