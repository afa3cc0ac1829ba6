import type { LatentImageError } from '@latent-image/kernel'
import type { Outcome } from './outcome.ts'
import type { Summary } from './summary.ts'

/** Tells of a run while it goes on. Each method resolves when there is room for more. */
export interface Reporter {
  outcome(outcome: Outcome, summary: Summary): Promise<void>
  /** Something failed that is not one file. */
  failure(error: LatentImageError, summary: Summary): Promise<void>
  /** Something is wrong that nobody waits for. */
  warning(message: string): Promise<void>
  end(summary: Summary, run: { readonly milliseconds: number; readonly interrupted: boolean }): Promise<void>
}
