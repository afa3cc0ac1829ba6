import {
  createKernel,
  type GeneratorDefinition,
  type ImageCacheFile,
  type Kernel,
  type Plugin,
  type Scope,
} from '@latent-image/kernel'
import { expect, expectTypeOf, test } from 'vitest'

class OnSaveStrategy implements Plugin {
  readonly name = 'on-save'
  apply({ hooks }: Scope) {
    hooks.sourceSaved.tapPromise(this.name, (file) => file.generate())
  }
}

const sized: GeneratorDefinition<{ readonly width: 320 | 640 }> = {
  source: 'none',
  fingerprint: (_source, { width }) => ({ width }),
  variants: [{ width: 320 }, { width: 640 }],
  generate: async ({ params: { width } }) => ({
    data: new Uint8Array([1]),
    facts: { width, height: 1, type: 'image/png' },
  }),
}

const plain: GeneratorDefinition = {
  source: 'none',
  fingerprint: 'plain',
  generate: async () => ({ data: new Uint8Array([1]), facts: { width: 1, height: 1, type: 'image/png' } }),
}

const kernel = createKernel({ plugins: [new OnSaveStrategy()], generators: { plain, 'sized:one': sized } })

test('a strategy is as small as the documentation shows it', () => {
  expect(kernel.hooks.sourceSaved.taps).toHaveLength(1)
})

test('the params of a known generator are typed', () => {
  expectTypeOf(kernel.file('sized:one', { params: { width: 320 } })).toEqualTypeOf<ImageCacheFile>()
  // @ts-expect-error 321 is not among the widths
  expect(kernel.file('sized:one', { params: { width: 321 } })).toBeDefined()
  expect(kernel.file('plain', { params: { anything: [1] } })).toBeDefined()
})

test('a kernel that knows its ids is a kernel, and takes ids that are registered later', () => {
  expectTypeOf(kernel).toExtend<Kernel>()
  expect(() => kernel.file('later', { params: { any: 1 } })).toThrow(
    expect.objectContaining({ code: 'UNKNOWN_GENERATOR' }),
  )
})
