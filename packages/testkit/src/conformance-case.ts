import { AssertionError } from 'node:assert/strict'

/** One promise of a contract, for any test runner: `for (const { name, run } of suite) test(name, run)`. */
export interface ConformanceCase {
  /** The promise, in the present tense. */
  readonly name: string
  /** Rejects with an `AssertionError` where the promise is broken. One that the driver declares not to make is kept. */
  run(): Promise<void>
}

/** Makes a fresh driver for one case. What is handed to `defer` is called after the case, last first. */
export type CreateDriver<Driver> = (defer: (release: () => unknown) => void) => Driver | Promise<Driver>

/** A suite's promises by name, each as a function that asserts it of a fresh driver. */
export type Promises<Driver> = Readonly<Record<string, (driver: Driver) => Promise<void>>>

/** Makes one case for each promise; each case has a driver of its own. */
export function defineCases<Driver>(
  create: CreateDriver<Driver>,
  promises: Promises<Driver>,
): readonly ConformanceCase[] {
  return Object.entries(promises).map(([name, assertPromise]) => ({
    name,
    async run() {
      const releases: (() => unknown)[] = []
      try {
        await assertPromise(await create((release) => releases.push(release)))
      } catch (error) {
        throw error instanceof AssertionError ? error : failedBy(error)
      } finally {
        for (const release of releases.reverse()) await release()
      }
    },
  }))
}

/** A driver that fails where it must not breaks its promise, whatever it fails with. */
function failedBy(error: unknown): AssertionError {
  return Object.assign(new AssertionError({ message: `The driver failed: ${error}` }), { cause: error })
}
