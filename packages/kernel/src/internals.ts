import type { LatentImageError } from './errors.ts'
import type { KernelEvents } from './events.ts'
import type { Generation } from './generation.ts'
import type { ImageCacheFile } from './image-cache-file.ts'
import type { SourceChanges } from './source-changes.ts'
import type { StateRules } from './state.ts'

/** What the parts of one kernel share. */
export interface Internals {
  readonly events: KernelEvents
  readonly rules: StateRules
  readonly generation: Generation
  readonly changes: SourceChanges
  /** Aborted when the kernel stops waiting for work in hand. */
  readonly signal: AbortSignal
  /** Nothing new is begun. */
  readonly isClosed: boolean
  /** Work that `idle()` and `close()` wait for. */
  track<Result>(work: Promise<Result>): Promise<Result>
  /** Emits `failed`, once per error. */
  reportFailure(file: ImageCacheFile, error: LatentImageError): void
}
