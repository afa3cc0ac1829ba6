import { sourceSizeGenerator } from './source-size-generator.ts'
import { thumbnailGenerator } from './thumbnail-generator.ts'

/** The generators that need no definition of one's own, by id. */
export const builtInGenerators = {
  'latent-image:source-size': sourceSizeGenerator,
  'latent-image:thumbnail': thumbnailGenerator,
} as const
