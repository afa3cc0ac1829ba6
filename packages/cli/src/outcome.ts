import type { ImageCacheFile, LatentImageError } from '@latent-image/kernel'

/** What came of one file. `missing` is told only by a dry run: it would have been generated. */
export type Outcome =
  | {
      readonly file: ImageCacheFile
      readonly outcome: 'generated' | 'exists' | 'scheduled'
      readonly milliseconds: number
    }
  | { readonly file: ImageCacheFile; readonly outcome: 'missing' }
  | { readonly file: ImageCacheFile; readonly outcome: 'failed'; readonly error: LatentImageError }
