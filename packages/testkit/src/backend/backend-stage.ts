import { type ImageCacheFile, LatentImageError, type Plugin } from '@latent-image/kernel'
import { eventually, within } from '../eventually.ts'
import { type FakeGenerator, fakeGenerator } from '../fakes/fake-generator.ts'
import { type TestKernel, testKernel } from '../fakes/test-kernel.ts'
import { sampleBytes } from '../sample-bytes.ts'

/** A kernel with a backend under test, fifty originals, and the generators `good`, `second`, and `bad`, which always fails. */
export interface BackendStage extends TestKernel {
  readonly good: FakeGenerator
  /** The file that `good` makes of the original of a number. */
  file(number: number): ImageCacheFile
  /** Asks for a file, and waits until it is there. */
  make(file: ImageCacheFile): Promise<void>
  isThere(file: ImageCacheFile): Promise<boolean>
}

export const info = { type: 'image/jpeg' }
export const numbers = Array.from({ length: 50 }, (_, number) => number)
export const nameOf = (number: number) => `originals/${number}.jpg`

export async function createBackendStage(backend: Plugin, patience: number): Promise<BackendStage> {
  const good = fakeGenerator({ fingerprint: 'good' })
  const second = fakeGenerator({ fingerprint: 'second' })
  const bad = fakeGenerator({ fingerprint: 'bad' })
  bad.failure = new LatentImageError('BAD_PICTURE', 'The picture is bad, as it was told to be.', { fault: 'source' })
  const fakes = testKernel({ plugins: [backend], generators: { good, second, bad } })
  for (const number of numbers) await fakes.originals.write(nameOf(number), sampleBytes(number + 1), info)

  const isThere = async (file: ImageCacheFile) => (await file.state()).state === 'exists'
  return {
    ...fakes,
    good,
    isThere,
    file: (number) => fakes.kernel.file('good', { source: nameOf(number) }),
    async make(file) {
      await within(patience, file.generate(), 'generate() has answered')
      await eventually(() => isThere(file), patience, 'the file is there')
    },
  }
}
