import type { Fault, LatentImageError } from '@latent-image/kernel'
import { reasonOf } from './errors.ts'
import type { Outcome } from './outcome.ts'

/** Failures with one code: how many, and one of the messages. */
export interface Reason {
  readonly code: string
  readonly count: number
  readonly example: string
}

/** What a run has come to so far. Failures are kept by their code, not one by one: there may be very many. */
export class Summary {
  readonly counts: Record<Outcome['outcome'], number> = { generated: 0, exists: 0, scheduled: 0, missing: 0, failed: 0 }
  readonly #reasons = new Map<string, Reason>()
  readonly #faults = new Set<Fault>()

  add(outcome: Outcome): void {
    this.counts[outcome.outcome] += 1
    if (outcome.outcome === 'failed') this.fail(outcome.error)
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0)
  }

  get reasons(): readonly Reason[] {
    return [...this.#reasons.values()]
  }

  /** Something went wrong, with a file or with the enumeration of files. */
  fail(error: LatentImageError): void {
    const { code, fault } = error
    this.#faults.add(fault)
    const { count = 0, example = reasonOf(error) } = this.#reasons.get(code) ?? {}
    this.#reasons.set(code, { code, count: count + 1, example })
  }

  failed(options: { readonly ignoreBadSources: boolean }): boolean {
    return [...this.#faults].some((fault) => !(options.ignoreBadSources && fault === 'source'))
  }
}
