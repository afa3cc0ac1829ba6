/** Milliseconds between two beats. */
const beat = 100

/**
 * How many beats without any answer are an outage: few enough that a second is enough for this and for a state cache on the
 * same Redis, which the kernel waits for before. Beats and not time: those of a process that stalls are late as well.
 */
const mostBeats = 6

/** Milliseconds for which nobody waits after that. */
const leaveAlone = 1_000

/** Tells an outage from a busy process: many calls at once may take long in all, but then answers keep coming. */
export class Patience {
  readonly #waiting = new Set<(error: Error) => void>()
  #timer: NodeJS.Timeout | undefined
  #beats = 0
  #leftAloneUntil = 0

  /** Waits for some work; whatever answer it gets on the way is to be reported by `answered`. */
  waitFor(work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      if (performance.now() < this.#leftAloneUntil) throw new Error('Redis did not answer a moment ago')
      this.#waiting.add(reject)
      this.#timer ??= setInterval(() => this.#beat(), beat)
      work()
        .then(resolve, reject)
        .finally(() => {
          this.#waiting.delete(reject)
          if (this.#waiting.size === 0) this.#rest()
        })
    })
  }

  answered(): void {
    this.#beats = 0
    this.#leftAloneUntil = 0
  }

  #beat(): void {
    this.#beats++
    if (this.#beats < mostBeats) return
    this.#leftAloneUntil = performance.now() + leaveAlone
    for (const reject of this.#waiting) reject(new Error('Redis does not answer'))
    this.#waiting.clear()
    this.#rest()
  }

  #rest(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#beats = 0
  }
}
