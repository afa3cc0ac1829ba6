/** The work that a kernel waits for before it calls itself idle. */
export class WorkInHand {
  readonly #work = new Set<Promise<unknown>>()

  track<Result>(work: Promise<Result>): Promise<Result> {
    this.#work.add(work)
    const done = () => this.#work.delete(work)
    work.then(done, done)
    return work
  }

  /** Resolves when there is none left, that begun meanwhile included. */
  async idle(): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled(this.#work)
  }
}

/** Waits for work, but no longer than a number of milliseconds. */
export async function withLimit(work: Promise<unknown>, limit: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limited = new Promise((resolve) => {
    timer = setTimeout(resolve, limit)
  })
  await Promise.race([work, limited]).finally(() => clearTimeout(timer))
}
