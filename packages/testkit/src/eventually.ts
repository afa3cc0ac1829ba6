import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'

/** Looks again and again until something is true; fails after so many milliseconds. */
export async function eventually(isTrue: () => Promise<boolean>, patience: number, message: string): Promise<void> {
  const deadline = performance.now() + patience
  while (!(await isTrue())) {
    assert.ok(performance.now() < deadline, `${message}, not after ${patience} ms`)
    await wait(5)
  }
}

/** What a promise resolves to; fails where it takes longer than so many milliseconds. */
export async function within<Result>(patience: number, work: Promise<Result>, message: string): Promise<Result> {
  const late = new AbortController()
  try {
    return await Promise.race([
      work,
      wait(patience, undefined, { signal: late.signal }).then(() =>
        assert.fail(`${message}, not after ${patience} ms`),
      ),
    ])
  } finally {
    late.abort()
  }
}
