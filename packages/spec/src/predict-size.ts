import { type Facts, type ImageCacheFile, isLatentImageError } from '@latent-image/kernel'
import type { Size } from './geometry.ts'
import type { SourceSize } from './plan.ts'
import type { ImageSpec } from './spec-types.ts'

/**
 * The size that a file has or will have, without making it: `undefined` where only making it tells. The source is measured
 * once, and its size is kept in the state cache: by `latent-image:source-size`, one of the `builtInGenerators`, which must be
 * registered.
 *
 * @param file - A file whose generator is an image spec.
 *
 * @example
 * await predictSize(kernel.file('card', { source })) // { width: 300, height: 200 }
 */
export async function predictSize(file: ImageCacheFile): Promise<Size | undefined> {
  const { definition } = file.generator
  if (file.name === null || !isImageSpec(definition)) return undefined
  const limits = definition.headerLimits(file.params, file.source)
  const facts = await factsOf(file.beside('latent-image:source-size', limits))
  return facts && definition.predict(sourceSize(facts), file.params, file.source)
}

/** Nothing where the source is bad, or is going to be measured later. */
async function factsOf(measured: ImageCacheFile): Promise<Facts | undefined> {
  try {
    return (await measured.generate()) === 'scheduled' ? undefined : await measured.metadata()
  } catch (error) {
    if (isLatentImageError(error) && error.fault === 'source') return undefined
    throw error
  }
}

function sourceSize({ width, height, orientation }: Facts): SourceSize {
  return { width, height, ...(typeof orientation === 'number' && { orientation }) }
}

function isImageSpec(definition: object): definition is ImageSpec {
  return 'predict' in definition
}
