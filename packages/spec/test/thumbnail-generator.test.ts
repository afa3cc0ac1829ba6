import { builtInGenerators, thumbnailGenerator } from '@latent-image/spec'
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

test('is found under its id', () => {
  expect(builtInGenerators['latent-image:thumbnail']).toBe(thumbnailGenerator)
})

test('the built-in generators have no files to enumerate', () => {
  for (const { variants } of Object.values(builtInGenerators)) expect(variants).toEqual([])
})
