import { imageSpec, resizeToFill } from '@latent-image/spec'
import { expect, test } from 'vitest'

// This file must not import sharp, and has a process of its own.
function sharpIsLoaded(): boolean {
  const { sharedObjects } = process.report.getReport() as unknown as { readonly sharedObjects: readonly string[] }
  return sharedObjects.some((file) => file.includes('libvips'))
}

test('loads sharp only when there is work', async () => {
  const spec = imageSpec({ processors: [resizeToFill(1, 1)] })
  expect(spec.fingerprint).toBeDefined()
  await expect(spec.generate(Buffer.from('no picture'))).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' })
  expect(sharpIsLoaded()).toBe(false)

  const nothing = Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 2, 0xff, 0xd9])
  await expect(spec.generate(nothing)).rejects.toMatchObject({ code: 'SOURCE_BROKEN' })
  expect(sharpIsLoaded()).toBe(true)
})
