/** A point that calls pass, or wait at while it is closed. */
export class Gate {
  #opened: Promise<void> | undefined
  #open: () => void = () => undefined
  #waiting = 0
  #watchers: { readonly count: number; readonly resolve: () => void }[] = []

  /** How many calls wait. */
  get waiting(): number {
    return this.#waiting
  }

  /** Holds every call that comes from now on. */
  close(): void {
    if (this.#opened) return
    this.#opened = new Promise((resolve) => {
      this.#open = resolve
    })
  }

  /** Lets all pass, those that wait included. */
  open(): void {
    this.#opened = undefined
    this.#open()
  }

  /** Resolves as soon as so many calls wait. */
  async reached(count = 1): Promise<void> {
    if (this.#waiting < count) await new Promise<void>((resolve) => this.#watchers.push({ count, resolve }))
  }

  /** For fakes: waits while the gate is closed; rejects if the signal is aborted meanwhile. */
  async pass(signal?: AbortSignal): Promise<void> {
    if (!this.#opened) return
    this.#waiting += 1
    for (const { count, resolve } of this.#watchers) if (this.#waiting >= count) resolve()
    try {
      await Promise.race([this.#opened, ...(signal ? [abortionOf(signal)] : [])])
    } finally {
      this.#waiting -= 1
    }
  }
}

function abortionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
