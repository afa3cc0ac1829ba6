import type { Generator } from './contracts/generator.ts'

/** Under construction. */
export interface ImageCacheFile {
  readonly generator: Generator
}
