import { isLatentImageError } from '@latent-image/kernel'
import { errors, imageSpecFromData } from '@latent-image/spec'
import fc from 'fast-check'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { standardProcessors } from '../src/processors/standard.ts'
import { animation, blue, coordinates, green, plain, red } from './pictures.ts'

const cases = process.env.CI ? 10_000 : 500

const pictures = await Promise.all([
  coordinates(61, 47).jpeg().toBuffer(),
  coordinates(61, 47).jpeg({ progressive: true }).withMetadata({ orientation: 6 }).toBuffer(),
  coordinates(33, 70).png().toBuffer(),
  coordinates(33, 70).png({ progressive: true, palette: true }).toBuffer(),
  plain(40, 30, { r: 90, g: 10, b: 200, alpha: 0.4 }).webp({ lossless: true }).toBuffer(),
  coordinates(50, 50).webp().toBuffer(),
  coordinates(30, 30).avif({ effort: 0 }).toBuffer(),
  coordinates(30, 20).tiff({ compression: 'lzw' }).toBuffer(),
  coordinates(1, 1).gif().toBuffer(),
  animation(20, 16, [red, green, blue]),
  animation(20, 16, [red, green, blue], 'webp'),
])

const whole = fc.constantFrom(...pictures)

const mutated = fc
  .tuple(
    whole,
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 }),
    fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  )
  .map(([picture, changes, cut]) => {
    const data = Buffer.from(picture)
    for (const [at, value] of changes) data[at % data.length] = value
    return cut === null ? data : data.subarray(0, Math.floor(data.length * cut))
  })

const sources = fc.oneof(
  { weight: 5, arbitrary: whole },
  { weight: 4, arbitrary: mutated },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
)

const value = fc.oneof(
  fc.integer({ min: 1, max: 150 }),
  fc.double({ min: 0, max: 3, noNaN: true }),
  fc.boolean(),
  fc.constantFrom(
    'center',
    'top-left',
    'auto',
    'full',
    '#f80',
    '#11223344',
    'horizontal',
    'entropy',
    'attention',
    'rotate-90',
    'mark',
  ),
  fc.constantFrom<unknown>(0, -1, 70_000, 1e9, null, [0.3, 0.9], [1, 2, 3, 4], ['left'], {}, ''),
)

/** Mostly options that a processor has, with values that are mostly wrong for some of them. */
const steps = fc.constantFrom(...standardProcessors).chain(({ definition }) => {
  const names = Object.keys((definition.options as unknown as { readonly entries: object }).entries)
  const sensible = { width: fc.integer({ min: 1, max: 120 }), height: fc.integer({ min: 1, max: 120 }) }
  const entries = names.map((name) => [name, name in sensible ? sensible[name as 'width'] : value] as const)
  return fc
    .record(Object.fromEntries(entries), { requiredKeys: names.filter((name) => name in sensible) })
    .map((options) => [definition.name, options] as const)
})

const specs = fc.record(
  {
    processors: fc.array(steps, { maxLength: 4 }),
    format: fc.constantFrom('jpeg', 'png', 'webp', 'gif', 'tiff', 'avif', 'auto'),
    placeholder: fc.constantFrom(true, 'inline', false),
    orient: fc.boolean(),
    animated: fc.boolean(),
  },
  { requiredKeys: ['processors'] },
)

test('anything ends as a whole picture or as an error of the catalogue', { timeout: 900_000 }, async () => {
  const ends = { made: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(sources, specs, async (data, content) => {
      try {
        const spec = imageSpecFromData(content, { openImage: async () => pictures[0] ?? data })
        const { data: made, facts } = await spec.generate(data)
        const { width, height, type, frames } = facts
        expect(await spec.inspect(made)).toMatchObject({ width, height, type, ...(frames !== undefined && { frames }) })
        await sharp(made, { failOn: 'warning' }).raw().toBuffer()
        ends.made++
      } catch (error) {
        if (!isLatentImageError(error)) throw error
        expect(Object.keys(errors)).toContain(error.code)
        ends.refused++
      }
    }),
    { numRuns: cases },
  )
  expect(ends.made).toBeGreaterThan(cases / 20)
  expect(ends.refused).toBeGreaterThan(cases / 20)
})
