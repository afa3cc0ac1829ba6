import type { FileRecord } from './file-record.ts'

/** The bearer's hold on a claim while work goes on. */
export interface Lease {
  /** Aborted when the claim turns out to be another's. */
  readonly signal: AbortSignal
  /** Stops renewing. After it has resolved, the lease changes the record no more. */
  end(): Promise<void>
}

/** Renews the claim of a token until it is ended, or found to be another's. */
export function startLease(record: FileRecord, token: string): Lease {
  const lost = new AbortController()
  let renewal: Promise<unknown> = Promise.resolve()
  const renew = async () => {
    const renewed = await record.changeAs(token, (held) => ({ ...held, work: record.lease(token) }))
    if (!renewed) lost.abort()
  }
  const timer = setInterval(() => {
    // A renewal that fails is made up for by the next one, or by the commit's own check.
    renewal = renew().catch(() => undefined)
  }, record.rules.times.lease / 3)
  timer.unref()
  return {
    signal: lost.signal,
    end: async () => {
      clearInterval(timer)
      await renewal
    },
  }
}
