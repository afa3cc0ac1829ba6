import { crop, imageSpec, resizeToFill, resizeToFit } from '@latent-image/spec'
import { expect, test } from 'vitest'
import { badInputs } from './bad-inputs.ts'
import { burdenedPictures } from './bad-inputs-bombs.ts'

const inputs = await badInputs()
const burdened = await burdenedPictures()
const before = process.memoryUsage().rss

// An animation is decoded whole only where the result is one.
const small = imageSpec({ processors: [resizeToFit(50)], format: 'webp' })
const top = imageSpec({ processors: [resizeToFill(300, 20, { anchor: 'top' })], format: 'webp' })
const corner = imageSpec({ processors: [crop(100, 10, { anchor: 'top-left' })], format: 'webp' })

test('there are at least a hundred', () => {
  expect(inputs.length).toBeGreaterThanOrEqual(100)
})

test.each(inputs.map((input) => [input.name, input] as const))(
  'refuses %s within three seconds',
  async (_, { data, code }) => {
    await expect(small.generate(data)).rejects.toMatchObject({ code, fault: 'source' })
  },
  3000,
)

test.each(inputs.map((input) => [input.name, input] as const))(
  'refuses %s within three seconds even if only its top is needed',
  async (_, { data, code }) => {
    for (const spec of [top, corner]) await expect(spec.generate(data)).rejects.toMatchObject({ code, fault: 'source' })
  },
  3000,
)

test.each(burdened)(
  'makes a derivative of %s within three seconds',
  async (_, data) => {
    await expect(small.generate(data)).resolves.toMatchObject({ facts: { width: 4, height: 4 } })
  },
  3000,
)

test('takes less than 600 MB for all of them', () => {
  const most = process.resourceUsage().maxRSS / 1024
  expect(most - before / 2 ** 20).toBeLessThan(600)
})
