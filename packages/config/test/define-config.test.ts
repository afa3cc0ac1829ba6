import { createKernel, type GeneratorDefinition, type KernelOf } from '@latent-image/kernel'
import { memoryStorage } from '@latent-image/plugin-storage-memory'
import { expect, expectTypeOf, test } from 'vitest'
import { defineConfig, type loadKernel } from '../src/index.ts'

const dot: GeneratorDefinition = {
  source: 'none',
  fingerprint: 'dot',
  generate: async () => ({ data: new Uint8Array([1]), facts: { width: 1, height: 1, type: 'image/png' } }),
}

const config = defineConfig({ plugins: [memoryStorage()], generators: { 'profile:avatar': dot } })

test('returns the config as it is', () => {
  const given = { prefix: 'made' }
  expect(defineConfig(given)).toBe(given)
})

test('keeps the ids of generators', () => {
  const kernel = createKernel(config)
  expectTypeOf<keyof typeof config.generators>().toEqualTypeOf<'profile:avatar'>()
  expectTypeOf(kernel).toEqualTypeOf<KernelOf<typeof config.generators>>()
  expect(kernel.generatorIds()).toEqual(['profile:avatar'])
})

test('types a loaded kernel by the type of its config', () => {
  type Loaded = Awaited<ReturnType<typeof loadKernel<typeof config>>>
  expectTypeOf<Loaded>().toEqualTypeOf<KernelOf<typeof config.generators>>()
})

test('refuses what is misspelt or of a wrong type', () => {
  // @ts-expect-error -- an unknown key
  defineConfig({ plugin: [] })
  // @ts-expect-error -- plugins are written as names in JSON and YAML only
  defineConfig({ plugins: ['@latent-image/plugin-storage-memory'] })
  // @ts-expect-error -- an unknown time
  defineConfig({ state: { absnt: 5 } })
})
