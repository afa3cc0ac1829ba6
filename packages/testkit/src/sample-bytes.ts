/** Bytes of all values that differ with the seed, the same ones every time. */
export function sampleBytes(length: number, seed = 1): Uint8Array {
  const data = new Uint8Array(length)
  let state = seed
  for (let index = 0; index < length; index++) {
    // Numerical Recipes' linear congruential generator; its high bits are the better ones.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    data[index] = state >>> 24
  }
  return data
}
