import type { FileRecord } from './file-record.ts'

/** The bearer's hold on a claim: renewed while work goes on, until it is ended or found to be another's. */
export class Lease {
  readonly #record: FileRecord
  readonly #token: string
  readonly #lost = new AbortController()
  readonly #timer: NodeJS.Timeout
  #renewal: Promise<unknown> = Promise.resolve()

  constructor(record: FileRecord, token: string) {
    this.#record = record
    this.#token = token
    this.#timer = setInterval(() => this.#renew(), record.rules.times.lease / 3)
    this.#timer.unref()
  }

  /** Aborted when the claim turns out to be another's. */
  get signal(): AbortSignal {
    return this.#lost.signal
  }

  /** Stops renewing. After it has resolved, the lease changes the record no more. */
  async end(): Promise<void> {
    clearInterval(this.#timer)
    await this.#renewal
  }

  #renew(): void {
    this.#renewal = this.#record
      .changeAs(this.#token, (held) => ({ ...held, work: this.#record.lease(this.#token) }))
      .then((renewed) => {
        if (!renewed) this.#lost.abort()
      })
      .catch(() => undefined)
  }
}
