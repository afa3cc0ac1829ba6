/** A clock that stands still until it is moved: `createKernel(config, { now: clock.now })`. */
export interface ManualClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Moves the clock by milliseconds, back where they are negative. */
  advance(milliseconds: number): void
}

/** Makes a clock that shows the beginning of 2025, or another time. */
export function manualClock(start = Date.UTC(2025, 0)): ManualClock {
  let time = start
  return {
    now: () => time,
    advance(milliseconds) {
      time += milliseconds
    },
  }
}
