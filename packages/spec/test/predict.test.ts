import {
  type Anchor,
  addBorder,
  adjust,
  colorOverlay,
  crop,
  defineProcessor,
  extract,
  flip,
  gaussianBlur,
  grayscale,
  imageSpec,
  makeOpaque,
  reflection,
  resize,
  resizeCanvas,
  resizeToCover,
  resizeToFill,
  resizeToFit,
  rotate,
  roundCorners,
  type Size,
  smartCrop,
  smartResize,
  thumbnail,
  tint,
  transpose,
  trimBorderColor,
  watermark,
} from '@latent-image/spec'
import fc from 'fast-check'
import sharp, { type Sharp } from 'sharp'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { animation, blue, coordinates, green, red } from './pictures.ts'

const pixels = fc.integer({ min: 1, max: 90 })
const upscale = fc.boolean()
const anchor = fc.oneof(
  fc.constantFrom<Anchor>('center', 'top', 'bottom-right'),
  fc.tuple(fc.constantFrom(0, 0.2, 0.7, 1), fc.constantFrom(0, 0.33, 1)),
)

const steps = fc.oneof(
  fc
    .record({ width: pixels, height: pixels, upscale })
    .map(({ width, height, ...rest }) => resize(width, height, rest)),
  fc
    .record({ width: pixels, height: pixels, upscale, anchor })
    .map(({ width, height, ...rest }) => resizeToFill(width, height, rest)),
  fc
    .record({ width: pixels, height: fc.option(pixels, { nil: undefined }), upscale })
    .map(({ width, height, ...rest }) => resizeToFit(width, height, rest)),
  fc
    .record({ width: pixels, height: pixels, anchor })
    .map(({ width, height, anchor }) => resizeToFit(width, height, { matColor: '#fff', anchor })),
  fc
    .record({ width: pixels, height: pixels, upscale })
    .map(({ width, height, ...rest }) => resizeToCover(width, height, rest)),
  fc.record({ width: pixels, height: pixels, anchor }).map(({ width, height, ...rest }) => crop(width, height, rest)),
  fc
    .record({ width: pixels, height: pixels, anchor })
    .map(({ width, height, ...rest }) => resizeCanvas(width, height, rest)),
  fc.record({ width: pixels, height: pixels }).map(({ width, height }) => smartCrop(width, height)),
  fc
    .record({ width: pixels, height: pixels, upscale })
    .map(({ width, height, ...rest }) => smartResize(width, height, rest)),
  fc
    .record({ width: pixels, height: pixels, upscale })
    .map(({ width, height, ...rest }) => thumbnail(width, height, rest)),
  fc.constantFrom('rotate-90', 'rotate-180', 'flip-vertical', 'auto').map((method) => transpose(method as 'auto')),
  fc.constantFrom(90, 180, -90, 30, 45.5).map((angle) => rotate(angle)),
  fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9)).map((thickness) => addBorder(thickness)),
  fc.constantFrom(
    grayscale(),
    flip('horizontal'),
    gaussianBlur(),
    roundCorners(5),
    reflection(),
    adjust({ contrast: 2 }),
    trimBorderColor(),
    tint('#a06040'),
    makeOpaque(),
    colorOverlay('#0060c0'),
    watermark('mark.png'),
  ),
  fc
    .record({ left: fc.nat(20), top: fc.nat(20), width: fc.integer({ min: 1, max: 40 }), height: pixels })
    .map(({ left, top, width, height }) => extract(left, top, width, height)),
)

type Encode = (image: Sharp, orientation: number) => Sharp

const oriented =
  (encode: (image: Sharp) => Sharp): Encode =>
  (image, orientation) =>
    encode(image.withMetadata({ orientation }))

/** Ways to keep a picture; those that keep no orientation are always upright. */
const stored: Readonly<Record<string, Encode>> = {
  jpeg: oriented((image) => image.jpeg()),
  png: oriented((image) => image.png()),
  'png with alpha': oriented((image) => image.ensureAlpha(0.5).png()),
  webp: oriented((image) => image.webp({ effort: 0 })),
  'webp with alpha': oriented((image) => image.ensureAlpha(0.5).webp({ effort: 0 })),
  tiff: oriented((image) => image.tiff({ compression: 'lzw' })),
  gif: (image) => image.gif(),
  avif: (image) => image.avif({ effort: 0 }),
}

const orientable = ['jpeg', 'png', 'png with alpha', 'webp', 'webp with alpha', 'tiff']

interface Given {
  readonly width: number
  readonly height: number
  readonly orientation: number
  readonly encode: (size: Size, orientation: number) => Promise<Uint8Array>
}

const size = { width: fc.integer({ min: 1, max: 120 }), height: fc.integer({ min: 1, max: 120 }) }

const still = (formats: readonly string[], orientation: fc.Arbitrary<number>): fc.Arbitrary<Given> =>
  fc.record({
    ...size,
    orientation,
    encode: fc.constantFrom(...formats).map(
      (format) =>
        ({ width, height }: Size, turned: number) =>
          stored[format]?.(coordinates(width, height), turned).toBuffer() ?? Promise.reject(new Error(format)),
    ),
  })

const sources: fc.Arbitrary<Given> = fc.oneof(
  { weight: 3, arbitrary: still(orientable, fc.integer({ min: 1, max: 8 })) },
  { weight: 1, arbitrary: still(['gif', 'avif'], fc.constant(1)) },
  {
    weight: 1,
    arbitrary: fc.record({
      ...size,
      orientation: fc.constant(1),
      encode: fc.constantFrom('gif', 'webp').map(
        (format) =>
          ({ width, height }: Size) =>
            animation(width, height, [red, green, blue], format as 'gif'),
      ),
    }),
  },
)

const mark = await coordinates(9, 7).png().toBuffer()

test('the size foretold is the size made, for any source and any processors', async () => {
  let told = 0
  await fc.assert(
    fc.asyncProperty(
      sources,
      fc.array(steps, { maxLength: 5 }),
      fc.boolean(),
      fc.integer({ min: 20, max: 200 }),
      fc.constantFrom('png' as const, 'webp' as const),
      async (source, processors, orient, outputSide, format) => {
        const { width, height, orientation, encode } = source
        const spec = imageSpec({ processors, orient, limits: { outputSide }, format }, { openImage: async () => mark })
        const predicted = spec.predict({ width, height, orientation })
        const making = spec.generate(await encode({ width, height }, orientation))
        if (predicted) {
          told++
          const { facts } = await making
          expect({ width: facts.width, height: facts.height }).toEqual(predicted)
        } else if (processors.some(({ name }) => name === 'trimBorderColor')) {
          // Only the pixels tell, and they may tell that there is nothing left for what comes after.
          await Promise.allSettled([making])
        } else {
          await expect(making).rejects.toMatchObject({ fault: 'caller' })
        }
      },
    ),
    { numRuns: 300 },
  )
  expect(told).toBeGreaterThan(100)
})

test.each([resizeToFit(57, 91), resizeToFill(33, 21), resizeToCover(200, 31)])(
  'the size foretold of a large JPEG is the size made, decoded small or not',
  async (step) => {
    for (const [width, height] of [
      [1603, 1207],
      [801, 2399],
      [1000, 777],
    ] as const) {
      const data = await sharp({ create: { width, height, channels: 3, background: 'red' } })
        .jpeg()
        .toBuffer()
      const spec = imageSpec({ processors: [step] })
      const { facts } = await spec.generate(data)
      expect({ width: facts.width, height: facts.height }).toEqual(spec.predict({ width, height }))
    }
  },
)

test('says nothing where only making it tells', () => {
  const size = { width: 100, height: 50 }
  expect(imageSpec({ processors: [trimBorderColor()] }).predict(size)).toBeUndefined()
  expect(imageSpec({ processors: [trimBorderColor(), resizeToFit(10)] }).predict(size)).toBeUndefined()
})

test.each([
  ['of nothing', { width: 0, height: 0 }],
  ['of a negative width', { width: -5, height: 10 }],
  ['of half a pixel', { width: 10.5, height: 10 }],
  ['of a width that is text', { width: '30', height: 10 }],
  ['without a height', { width: 10 }],
  ['that is empty', {}],
  ['that is none', null],
  ['that is a number', 10],
])('refuses a size %s', (_, size) => {
  expect(() => imageSpec({}).predict(size as never)).toThrowError(
    expect.objectContaining({ code: 'INVALID_SIZE', fault: 'caller' }),
  )
})

test('says nothing of what cannot be made', () => {
  expect(imageSpec({ limits: { pixels: 100 } }).predict({ width: 11, height: 10 })).toBeUndefined()
  expect(imageSpec({ processors: [crop(1, 1, { x: 20 })] }).predict({ width: 10, height: 10 })).toBeUndefined()
})

test('a processor that cannot tell by its work can foretell in words', async () => {
  const doubled = defineProcessor({
    name: 'test:doubled',
    options: v.strictObject({}),
    apply: (picture) => picture.redraw((image, { width, height }) => image.resize(width * 2, height * 2)),
    predict: ({ width, height }) => ({ width: width * 2, height: height * 2 }),
  })
  const spec = imageSpec({ processors: [doubled(), addBorder(1)] })
  expect(spec.predict({ width: 10, height: 20 })).toEqual({ width: 22, height: 42 })
  const { facts } = await spec.generate(await coordinates(10, 20).png().toBuffer())
  expect(facts).toMatchObject({ width: 22, height: 42 })
})

test('a dynamic spec foretells by source and params', () => {
  const spec = imageSpec((source, { width }) => ({ processors: source.name ? [resizeToFit(width)] : [] }), {
    params: { width: [10, 20] },
  })
  expect(spec.predict({ width: 100, height: 50 }, { width: 20 }, { name: 'a.jpg' })).toEqual({ width: 20, height: 10 })
})
