import { imageSpec, resizeToFit } from '@latent-image/spec'
import { expect, test } from 'vitest'
import { badInputs } from './bad-inputs.ts'

const inputs = await badInputs()
const before = process.memoryUsage().rss

test('there are at least a hundred', () => {
  expect(inputs.length).toBeGreaterThanOrEqual(100)
})

// An animation is decoded whole only where the result is one.
test.each(inputs.map((input) => [input.name, input] as const))(
  'refuses %s within three seconds',
  async (_, { data, code }) => {
    const spec = imageSpec({ processors: [resizeToFit(50)], format: 'webp' })
    await expect(spec.generate(data)).rejects.toMatchObject({ code, fault: 'source' })
  },
  3000,
)

test('takes less than 600 MB for all of them', () => {
  const most = process.resourceUsage().maxRSS / 1024
  expect(most - before / 2 ** 20).toBeLessThan(600)
})
