import { builtInGenerators, sourceSizeGenerator, thumbnailGenerator } from '@latent-image/spec'
import { testKernel } from '@latent-image/testkit'
import { expect, test } from 'vitest'
import { quarters } from './pictures.ts'

const source = await quarters(400, 200).jpeg().toBuffer()

test('makes a thumbnail by its params', async () => {
  const { facts } = await thumbnailGenerator.generate(source, { width: 50, height: 50, anchor: 'left' })
  expect(facts).toEqual({ width: 50, height: 50, type: 'image/jpeg' })
  expect((await thumbnailGenerator.generate(source, { width: 50 })).facts.height).toBe(25)
})

test('refuses params that make no thumbnail', async () => {
  await expect(thumbnailGenerator.generate(source, {})).rejects.toMatchObject({ code: 'INVALID_PROCESSOR' })
})

test('takes no params for what they are', async () => {
  await expect(thumbnailGenerator.generate(source, null as never)).rejects.toMatchObject({ code: 'INVALID_PROCESSOR' })
  const { kernel } = testKernel({ generators: builtInGenerators })
  expect(() => kernel.file('latent-image:thumbnail', { source: 'a.jpg', params: null as never }).name).toThrowError(
    expect.objectContaining({ code: 'INVALID_PROCESSOR' }),
  )
  await kernel.close()
})

test('is found under its id', () => {
  expect(builtInGenerators['latent-image:thumbnail']).toBe(thumbnailGenerator)
})

test('a source can be measured only where there is one', async () => {
  const { signal } = new AbortController()
  await expect(sourceSizeGenerator.generate({ params: {}, signal })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    fault: 'caller',
  })
})

test('the built-in generators have no files to enumerate', () => {
  for (const { variants } of Object.values(builtInGenerators)) expect(variants).toEqual([])
})
