import { extract } from '@latent-image/spec'
import fc from 'fast-check'
import { type Format, formatSchemas, formats, sharedOptionsSchema } from '../src/formats.ts'
import type { AnyProcessor } from '../src/processor.ts'
import { standardProcessors } from '../src/processors/standard.ts'
import { invalidOptions, type Options, validOptions } from './random-options.ts'

export type StepData = readonly [name: string, options: Options]

/** The content of a spec, as data. */
export interface RandomContent {
  readonly processors: readonly StepData[]
  readonly format?: Format | 'auto'
  readonly options?: Options
  readonly limits: Options
  readonly orient?: boolean
  readonly animated?: boolean
  readonly placeholder?: boolean | string
}

// What is asked for a region at random fails most often, so it is drawn more often than others.
const drawn = [...standardProcessors, extract, extract]

const validStep = fc
  .constantFrom<AnyProcessor>(...drawn)
  .chain(({ definition }) =>
    validOptions(definition, ['mark', 'photo', 'animation']).map((valid): StepData => [definition.name, valid]),
  )

const invalidStep = fc.oneof(
  fc
    .constantFrom(...standardProcessors)
    .chain(({ definition }) => invalidOptions(definition).map((invalid): StepData => [definition.name, invalid])),
  fc.constant<StepData>(['nobody:knows', {}]),
)

const encodings = fc.oneof(
  ...[...formats, 'auto' as const].map((format) => {
    const schema = format === 'auto' ? sharedOptionsSchema : formatSchemas[format]
    return fc.record(
      { format: fc.constant(format), options: validOptions({ options: schema }) },
      { requiredKeys: ['format'] },
    )
  }),
)

const pixels = fc.oneof(
  { weight: 19, arbitrary: fc.integer({ min: 30_000, max: 90_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4000 }) },
)

/** What keeps every case small is always there. */
const limits = fc.record(
  {
    pixels,
    avifPixels: pixels,
    avifEffort: fc.nat(2),
    bytes: fc.oneof(
      { weight: 9, arbitrary: fc.constant(1e6) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 4000 }) },
    ),
    frames: fc.integer({ min: 2, max: 9 }),
    channels: fc.constantFrom(3, 4, 4, 4, 4, 5, 5),
    outputSide: fc.integer({ min: 1, max: 400 }),
    seconds: fc.integer({ min: 60, max: 3600 }),
    svg: fc.constantFrom(true, true, true, false),
  },
  { requiredKeys: ['pixels', 'avifPixels', 'avifEffort', 'svg'] },
)

const rest = fc.record(
  {
    limits,
    orient: fc.boolean(),
    animated: fc.boolean(),
    placeholder: fc.constantFrom(true, false, 'thumbhash', 'inline'),
  },
  { requiredKeys: ['limits'] },
)

export const validContent = fc
  .tuple(fc.array(validStep, { maxLength: 5 }), encodings, rest)
  .map(([processors, encoding, others]): RandomContent => ({ processors, ...encoding, ...others }))

/** One mistake in a content that is valid otherwise. */
const mistakes: fc.Arbitrary<Partial<Record<keyof RandomContent | 'unknown', unknown>>> = fc.oneof(
  { weight: 3, arbitrary: invalidStep.map((step) => ({ processors: [step] })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...formats)
      .chain((format) => invalidOptions({ options: formatSchemas[format] }).map((options) => ({ format, options }))),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { processors: 'crop' },
      { format: 'bmp' },
      { limits: { pixels: 0 } },
      { limits: { patience: 1 } },
      { orient: 1 },
      { placeholder: 'blurhash' },
      { unknown: true },
    ),
  },
)

export const invalidContent = fc
  .tuple(validContent, mistakes)
  .map(([content, mistake]) => ({ ...content, ...mistake }) as RandomContent)
