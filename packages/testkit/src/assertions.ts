import assert from 'node:assert/strict'

/** Asserts that something throws or rejects with an error of a code. */
export async function assertFails(code: string, work: () => Promise<unknown>, message: string): Promise<void> {
  let outcome: unknown = 'success'
  try {
    await work()
  } catch (error) {
    outcome = error instanceof Error && 'code' in error ? error.code : error
  }
  assert.equal(outcome, code, message)
}

/** Asserts that bytes are equal, without printing them. */
export function assertBytes(found: unknown, expected: Uint8Array, message: string): void {
  assert.ok(found instanceof Uint8Array, `${message}: no Uint8Array`)
  assert.ok(
    Buffer.compare(found, expected) === 0,
    `${message}: found ${found.length} bytes that are not the ${expected.length} expected`,
  )
}
