import type { ImageCacheFile, Plugin } from '@latent-image/kernel'
import { type FakeGenerator, fakeGenerator } from '../fakes/fake-generator.ts'
import { type TestKernel, testKernel } from '../fakes/test-kernel.ts'
import { sampleBytes } from '../sample-bytes.ts'

/** A kernel with a strategy under test, one original, and one file of it, which is absent at first. */
export interface StrategyStage extends TestKernel {
  readonly generator: FakeGenerator
  readonly file: ImageCacheFile
  /** The bytes of the file in the storage, or undefined. */
  stored(): Promise<Uint8Array | undefined>
}

export const name = 'originals/kim.jpg'
export const info = { type: 'image/jpeg' }
export const oldSource = sampleBytes(10, 1)
export const newSource = sampleBytes(20, 2)

export async function createStrategyStage(plugins: readonly Plugin[]): Promise<StrategyStage> {
  const generator = fakeGenerator()
  const fakes = testKernel({ plugins, generators: { fake: generator } })
  await fakes.originals.write(name, oldSource, info)
  const file = fakes.kernel.file('fake', { source: name })
  const key = file.name ?? ''
  return {
    ...fakes,
    generator,
    file,
    stored: async () => ((await fakes.storage.inner.stat(key)) ? fakes.storage.inner.read(key) : undefined),
  }
}
