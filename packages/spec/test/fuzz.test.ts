import type { ImageSpec } from '@latent-image/spec'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outcomeOf } from './random-outcomes.ts'
import { sources } from './random-sources.ts'
import { type RandomSpec, specOf, specs } from './random-specs.ts'
import { Tally } from './random-tally.ts'

// CI tries the same cases every time, others new ones; a failure tells the seed and the path that repeat it.
const cases = process.env.CI ? 10_000 : 500
const { seed = Date.now() % 2 ** 31 } = fc.readConfigureGlobal()

const oneInTen = fc.nat(9).map((number) => number === 0)

/** The same in another format, to be made beside it: decoding is shared then, which must not show. */
function inPng(spec: RandomSpec): ImageSpec {
  return specOf({ ...spec, content: { ...spec.content, format: 'png', options: {} } }, 'JSON')
}

test('anything ends as a whole picture or as an explained error', { timeout: 900_000 }, async () => {
  const tally = new Tally()
  await fc.assert(
    fc.asyncProperty(sources, specs, oneInTen, async (source, spec, isMadeAgain) => {
      const outcome = await outcomeOf(source, spec)
      tally.add(source, spec, outcome)
      if (!('made' in outcome) || !isMadeAgain || !source.isWhole) return
      // More bytes after its end, so that nothing that was decoded for the first is at hand for the second.
      const copy = Buffer.concat([source.data, Buffer.from(' ')])
      const [again] = await Promise.all([specOf(spec, 'JSON').generate(copy), inPng(spec).generate(copy)])
      expect(again.facts).toEqual(outcome.made.facts)
      expect(Buffer.compare(again.data, outcome.made.data)).toBe(0)
    }),
    { numRuns: cases, seed },
  )
  // What is nearly always refused proves nothing: these shares keep the run from growing hollow.
  expect(tally.made / cases, `made of ${cases} with seed ${seed}`).toBeGreaterThan(0.4)
  for (const [what, share] of [
    ['processor', 0.005],
    ['format', 0.01],
    ['source', 0.0015],
    ['form', 0.1],
  ] as const) {
    const [name, count] = tally.rarest(what)
    expect(count, `rarest ${what} that was made, ${name}, with seed ${seed}`).toBeGreaterThanOrEqual(
      Math.floor(cases * share),
    )
  }
})
