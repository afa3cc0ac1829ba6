import {
  type Anchor,
  crop,
  imageSpec,
  imageSpecFromData,
  resize,
  resizeCanvas,
  resizeToCover,
  resizeToFill,
  resizeToFit,
  type Step,
  smartCrop,
  smartResize,
  thumbnail,
  transpose,
} from '@latent-image/spec'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import type { JsonObject } from '../src/options.ts'
import { standardProcessors } from '../src/processors/standard.ts'
import {
  animation,
  blue,
  coordinates,
  decode,
  distance,
  green,
  plain,
  quarters,
  type Rgb,
  red,
  yellow,
} from './pictures.ts'

const skin: Rgb = { r: 222, g: 140, b: 110 }

async function made(source: Uint8Array, ...processors: Step[]) {
  const { data } = await imageSpec({ processors, format: 'png' }).generate(source)
  return decode(data)
}

async function sizeMade(width: number, height: number, ...processors: Step[]) {
  const { width: w, height: h } = await made(await plain(width, height).png().toBuffer(), ...processors)
  return [w, h]
}

test.each<[string, Step, [number, number], [number, number]]>([
  ['resize', resize(30, 20), [100, 50], [30, 20]],
  ['resize of a smaller picture', resize(30, 20), [20, 50], [20, 50]],
  ['resize with upscale', resize(30, 20, { upscale: true }), [20, 10], [30, 20]],
  ['resizeToFill', resizeToFill(30, 20), [100, 100], [30, 20]],
  ['resizeToFill of a smaller picture', resizeToFill(300, 200), [100, 100], [100, 100]],
  ['resizeToFill of a picture smaller one way', resizeToFill(300, 200), [400, 100], [300, 100]],
  ['resizeToFill with upscale', resizeToFill(300, 200, { upscale: true }), [10, 10], [300, 200]],
  ['resizeToFit', resizeToFit(30, 20), [100, 50], [30, 15]],
  ['resizeToFit to a width', resizeToFit(30), [100, 50], [30, 15]],
  ['resizeToFit to a height', resizeToFit(undefined, 20), [100, 50], [40, 20]],
  ['resizeToFit of a smaller picture', resizeToFit(300, 300), [100, 50], [100, 50]],
  ['resizeToFit with upscale', resizeToFit(300, 300, { upscale: true }), [100, 50], [300, 150]],
  ['resizeToFit with a mat', resizeToFit(30, 20, { matColor: 'white' }), [100, 50], [30, 20]],
  ['resizeToFit of a smaller picture with a mat', resizeToFit(300, 200, { matColor: '#fff' }), [10, 10], [300, 200]],
  ['resizeToFit of a line', resizeToFit(10, 10), [1000, 1], [10, 1]],
  ['resizeToCover', resizeToCover(30, 20), [100, 50], [40, 20]],
  ['resizeToCover of a smaller picture', resizeToCover(300, 300), [100, 50], [100, 50]],
  ['resizeToCover with upscale', resizeToCover(300, 300, { upscale: true }), [100, 50], [600, 300]],
  ['crop', crop(30, 20), [100, 50], [30, 20]],
  ['crop to a width', crop(30), [100, 50], [30, 50]],
  ['crop to more than there is', crop(300, 20), [100, 50], [100, 20]],
  ['crop near the edge', crop(30, 20, { x: 90, y: 40 }), [100, 50], [10, 10]],
  ['resizeCanvas to a larger one', resizeCanvas(30, 20), [10, 10], [30, 20]],
  ['resizeCanvas to a smaller one', resizeCanvas(5, 20), [10, 10], [5, 20]],
  ['smartCrop', smartCrop(30, 20), [100, 50], [30, 20]],
  ['smartCrop to more than there is', smartCrop(300, 200), [100, 50], [100, 50]],
  ['smartResize', smartResize(30, 30), [100, 50], [30, 30]],
  ['smartResize of a smaller picture', smartResize(300, 300), [100, 50], [100, 50]],
  ['smartResize with upscale', smartResize(300, 300, { upscale: true }), [100, 50], [300, 300]],
  ['transpose by a quarter', transpose('rotate-90'), [100, 50], [50, 100]],
  ['transpose by a half', transpose('rotate-180'), [100, 50], [100, 50]],
  ['thumbnail', thumbnail(30, 30), [100, 50], [30, 30]],
  ['thumbnail of a width', thumbnail(30), [100, 50], [30, 15]],
  ['thumbnail without cropping', thumbnail(30, 30, { crop: false }), [100, 50], [30, 15]],
  ['thumbnail of a smaller picture', thumbnail(300, 300, { crop: false }), [100, 50], [100, 50]],
  ['thumbnail with upscale', thumbnail(300, 300, { upscale: true }), [100, 50], [300, 300]],
])('%s makes the size it should', async (_, step, [width, height], expected) => {
  expect(await sizeMade(width, height, step)).toEqual(expected)
})

test.each<[Anchor, [number, number]]>([
  ['top-left', [0, 0]],
  ['top', [40, 0]],
  ['top-right', [80, 0]],
  ['left', [0, 15]],
  ['center', [40, 15]],
  ['bottom-right', [80, 30]],
  [
    [0.3, 0.5],
    [20, 15],
  ],
  [
    [0.05, 0.9],
    [0, 30],
  ],
])('crop around %j keeps what is there', async (anchor, [x, y]) => {
  const source = await coordinates(100, 50).png().toBuffer()
  const { at } = await made(source, crop(20, 20, { anchor }))
  expect(at(0, 0)).toEqual([x, y, 0])
  expect(at(19, 19)).toEqual([x + 19, y + 19, 0])
})

test('crop at x and y keeps what is there', async () => {
  const { at } = await made(await coordinates(100, 50).png().toBuffer(), crop(20, 10, { x: 33, y: 7 }))
  expect(at(0, 0)).toEqual([33, 7, 0])
  expect(at(19, 9)).toEqual([52, 16, 0])
})

test('resizeToFill keeps the side of its anchor', async () => {
  const source = await quarters(200, 100).png().toBuffer()
  const left = await made(source, resizeToFill(20, 20, { anchor: 'left' }))
  expect(distance(left.at(3, 3), red)).toBeLessThan(3)
  expect(distance(left.at(3, 16), blue)).toBeLessThan(3)
  const right = await made(source, resizeToFill(20, 20, { anchor: 'right' }))
  expect(distance(right.at(16, 3), green)).toBeLessThan(3)
  expect(distance(right.at(16, 16), yellow)).toBeLessThan(3)
})

test('resizeToFit fills up with the mat color, around the anchor', async () => {
  const source = await plain(100, 50).png().toBuffer()
  const { at } = await made(source, resizeToFit(40, 40, { matColor: '#00ff00', anchor: 'bottom' }))
  expect(at(20, 19)).toEqual([0, 255, 0])
  expect(at(20, 20)).toEqual([200, 20, 20])
})

test('resizeCanvas puts the picture where it is told', async () => {
  const source = await coordinates(10, 10).png().toBuffer()
  const { at } = await made(source, resizeCanvas(20, 20, { color: '#0000ff', x: 3, y: 12 }))
  expect(at(2, 12)).toEqual([0, 0, 255])
  expect(at(3, 12)).toEqual([0, 0, 0])
  expect(at(12, 19)).toEqual([9, 7, 0])
  expect(at(3, 11)).toEqual([0, 0, 255])
})

test('resizeCanvas is transparent where the picture is not', async () => {
  const { at } = await made(await plain(10, 10).png().toBuffer(), resizeCanvas(20, 20))
  expect(at(0, 0)[3]).toBe(0)
  expect(at(10, 10)).toEqual([200, 20, 20, 255])
})

test.each<[Parameters<typeof transpose>[0], [object, object, object, object]]>([
  ['flip-horizontal', [green, red, yellow, blue]],
  ['flip-vertical', [blue, yellow, red, green]],
  ['rotate-90', [green, yellow, red, blue]],
  ['rotate-180', [yellow, blue, green, red]],
  ['rotate-270', [blue, red, yellow, green]],
])('transpose %s lays every quarter where it belongs', async (method, colors) => {
  const { at } = await made(await quarters(20, 20).png().toBuffer(), transpose(method))
  const found = [at(0, 0), at(19, 0), at(0, 19), at(19, 19)]
  expect(found).toEqual(colors.map((color) => Object.values(color)))
})

/** Gray: on the left with much detail, on the right with a lively color; nothing in the middle. */
const interesting = await (async () => {
  const input = await coordinates(40, 40).grayscale().linear(1.5, 65).png().toBuffer()
  const lively = { create: { width: 20, height: 20, channels: 3 as const, background: skin } }
  return plain(200, 40, { r: 90, g: 90, b: 90 })
    .composite([
      { input, left: 0, top: 0 },
      { input: lively, left: 170, top: 10 },
    ])
    .removeAlpha()
    .png()
    .toBuffer()
})()

type Part = 'detail' | 'color' | 'nothing'

/** Which part of the interesting picture was kept. */
async function partKept(step: Step): Promise<Part> {
  const { data, channels } = await made(interesting, step)
  const pixels = Array.from({ length: data.length / channels }, (_, index) => [
    ...data.subarray(index * channels, index * channels + 3),
  ])
  if (pixels.some((pixel) => distance(pixel, skin) < 20)) return 'color'
  return new Set(pixels.map(([gray]) => gray)).size > 20 ? 'detail' : 'nothing'
}

test.each<[string, Step, Part]>([
  ['smartCrop', smartCrop(40, 40), 'detail'],
  ['smartCrop by entropy', smartCrop(40, 40, { interest: 'entropy' }), 'detail'],
  ['smartCrop by attention', smartCrop(40, 40, { interest: 'attention' }), 'color'],
  ['smartResize', smartResize(20, 20), 'detail'],
  ['smartResize by entropy', smartResize(20, 20, { interest: 'entropy' }), 'detail'],
  ['smartResize by attention', smartResize(20, 20, { interest: 'attention' }), 'color'],
  ['thumbnail', thumbnail(20, 20), 'detail'],
  ['thumbnail around `auto`', thumbnail(20, 20, { anchor: 'auto' }), 'detail'],
  ['thumbnail that is told to crop', thumbnail(20, 20, { crop: true }), 'nothing'],
  ['thumbnail around the middle', thumbnail(20, 20, { anchor: 'center' }), 'nothing'],
])('%s keeps the part that it should', async (_, step, part) => {
  expect(await partKept(step)).toBe(part)
})

test('thumbnail with an anchor crops around it', async () => {
  const source = await quarters(200, 100).png().toBuffer()
  const { at } = await made(source, thumbnail(20, 20, { anchor: 'right' }))
  expect(distance(at(3, 3), green)).toBeLessThan(3)
})

test('processors work in the order in which they are given', async () => {
  const source = await coordinates(100, 50).png().toBuffer()
  const turnedFirst = await made(source, transpose('rotate-180'), crop(10, 10, { anchor: 'top-left' }))
  const croppedFirst = await made(source, crop(10, 10, { anchor: 'top-left' }), transpose('rotate-180'))
  expect(turnedFirst.at(0, 0)).toEqual([99, 49, 0])
  expect(croppedFirst.at(0, 0)).toEqual([9, 9, 0])
})

test('cuts, turns and edges in any order give the same pixels as one after the other', async () => {
  const source = await coordinates(100, 50).png().toBuffer()
  const steps = [
    transpose('rotate-90'),
    crop(30, 60, { x: 5, y: 20 }),
    resizeCanvas(50, 70, { color: '#0a0b0c', anchor: 'bottom-right' }),
    transpose('flip-horizontal'),
    crop(45, 66, { x: 3, y: 2 }),
  ]
  const together = await made(source, ...steps)
  let apart: Uint8Array = source
  for (const step of steps) apart = (await imageSpec({ processors: [step], format: 'png' }).generate(apart)).data
  expect((await decode(apart)).data.equals(together.data)).toBe(true)
})

test.each([
  ['a width of nothing', () => resizeToFill(0, 10)],
  ['a fraction of a pixel', () => resizeToFill(10.5, 10)],
  ['a width that is text', () => resizeToFill('10' as unknown as number, 10)],
  ['an unknown anchor', () => resizeToFill(10, 10, { anchor: 'middle' as Anchor })],
  ['an anchor outside', () => resizeToFill(10, 10, { anchor: [0, 1.5] })],
  ['an unknown option', () => resizeToFill(10, 10, { ancor: 'top' } as never)],
  ['no size to fit', () => resizeToFit()],
  ['a mat without a height', () => resizeToFit(10, undefined, { matColor: '#fff' })],
  ['a color by an unknown name', () => resizeToFit(10, 10, { matColor: 'mauve' })],
  ['a crop by anchor and offset', () => crop(10, 10, { anchor: 'top', x: 1 })],
  ['a crop without a size', () => crop()],
  ['a canvas by anchor and offset', () => resizeCanvas(10, 10, { anchor: 'top', y: 1 })],
  ['a thumbnail without a size', () => thumbnail()],
  ['a thumbnail with an anchor and no cropping', () => thumbnail(10, 10, { anchor: 'top', crop: false })],
  ['a thumbnail cropped to a width only', () => thumbnail(10, undefined, { crop: true })],
  ['a size to scale to that is half', () => resize(10, undefined as unknown as number)],
  ['an option that resize does not have', () => resize(10, 10, { anchor: 'top' } as never)],
  ['a size to cover that is too large', () => resizeToCover(70_000, 10)],
  ['an `upscale` that is text', () => resizeToCover(10, 10, { upscale: 'yes' as never })],
  ['an unknown interest to crop by', () => smartCrop(10, 10, { interest: 'faces' as 'entropy' })],
  ['a size to crop to of nothing', () => smartCrop(10, 0)],
  ['an unknown interest to fill by', () => smartResize(10, 10, { interest: 'faces' as 'entropy' })],
  ['a size to fill that is none', () => smartResize(10, Number.NaN)],
  ['an unknown way to transpose', () => transpose('sideways' as 'auto')],
])('refuses %s', (_, call) => {
  expect(call).toThrowError(expect.objectContaining({ code: 'INVALID_PROCESSOR', fault: 'caller' }))
})

test('the refusal names processor, option and value', () => {
  expect(() => resizeToFill(10, 10, { anchor: 'middle' as Anchor })).toThrowError(/resizeToFill.*anchor.*middle/)
})

test('a step is frozen plain data without its defaults', () => {
  const step = resizeToFill(300, 200, { anchor: 'center' })
  expect(JSON.parse(JSON.stringify(step))).toEqual({ name: 'resizeToFill', options: { width: 300, height: 200 } })
  expect(Object.isFrozen(step) && Object.isFrozen(step.options)).toBe(true)
})

/** A call of each processor that needs as few options as can be. */
const required: Readonly<Record<string, JsonObject>> = {
  addBorder: { thickness: 3 },
  colorOverlay: { color: '#123456' },
  crop: { width: 10 },
  extract: { left: 1, top: 2, width: 10, height: 11 },
  flip: { direction: 'vertical' },
  resize: { width: 10, height: 11 },
  resizeCanvas: { width: 10, height: 11 },
  resizeToCover: { width: 10, height: 11 },
  resizeToFill: { width: 10, height: 11 },
  resizeToFit: { width: 10 },
  rotate: { angle: 12 },
  roundCorners: { radius: 3 },
  smartCrop: { width: 10, height: 11 },
  smartResize: { width: 10, height: 11 },
  thumbnail: { width: 10, height: 11 },
  tint: { color: '#123456' },
  watermark: { image: 'mark.png' },
}

const fingerprintOf = (name: string, options: JsonObject) =>
  imageSpecFromData({ processors: [[name, options]] }).fingerprint

const withDefaults = standardProcessors.flatMap(({ definition: { name, options } }) =>
  Object.entries(v.getDefaults(options) as unknown as JsonObject).flatMap(([option, value]) =>
    value === undefined ? [] : [{ name, option, value }],
  ),
)

test.each(withDefaults)('$name with $option at its default hashes like without', ({ name, option, value }) => {
  const options = required[name] ?? {}
  expect(fingerprintOf(name, { ...options, [option]: value })).toEqual(fingerprintOf(name, options))
})

test.each<[Step, Step]>([
  [crop(10, 10, { x: 5 }), crop(10, 10, { x: 5, y: 0 })],
  [crop(10, 10, { y: 5 }), crop(10, 10, { anchor: 'center', x: 0, y: 5 })],
  [resizeCanvas(10, 10, { x: -5 }), resizeCanvas(10, 10, { x: -5, y: 0 })],
  [thumbnail(10), thumbnail(10, undefined, { crop: false })],
  [thumbnail(10, 20), thumbnail(10, 20, { crop: true, anchor: 'auto' })],
  [thumbnail(10, 20, { anchor: 'top' }), thumbnail(10, 20, { crop: true, anchor: 'top' })],
  [thumbnail(10, 20, { crop: true }), thumbnail(10, 20, { anchor: 'center' })],
  [thumbnail(10, 20, { crop: false }), thumbnail(10, 20, { crop: false, anchor: 'auto' })],
])('%j and the same with all that it implies are one', (short, long) => {
  expect(long).toEqual(short)
})

test.each(standardProcessors.map(({ definition: { name } }) => name))(
  '%s makes the same bytes twice, of pictures and of animations',
  async (name) => {
    const openImage = () => quarters(6, 4).png().toBuffer()
    const spec = imageSpecFromData({ processors: [[name, required[name] ?? {}]], format: 'webp' }, { openImage })
    for (const source of [
      await coordinates(60, 40).ensureAlpha(0.5).png().toBuffer(),
      await animation(24, 16, [red, green]),
    ]) {
      const [first, second] = await Promise.all([spec.generate(source), spec.generate(source)])
      const later = await spec.generate(source)
      expect(Buffer.compare(first.data, second.data)).toBe(0)
      expect(Buffer.compare(first.data, later.data)).toBe(0)
    }
  },
)

test.each<[Step, Step]>([
  [crop(10, 10), crop(10, 10, { x: 0, y: 0 })],
  [resizeCanvas(10, 10), resizeCanvas(10, 10, { x: 0 })],
  [thumbnail(10, 20), thumbnail(10, 20, { crop: true })],
  [thumbnail(10, 20), thumbnail(10, 20, { crop: false })],
])('%j is another one than %j', (one, other) => {
  expect(other).not.toEqual(one)
})

test.each<[string, Step]>(
  [
    ...standardProcessors.map(({ definition: { name } }) => ({ name, options: required[name] ?? {} })),
    crop(10, 10, { x: 5 }),
    resizeCanvas(10, 10, { y: 5 }),
    thumbnail(10, 20, { crop: true }),
    thumbnail(10, 20, { crop: true, anchor: 'auto' }),
    thumbnail(10, 20, { crop: false }),
    resizeToFill(10, 10, { anchor: [0.5, 0.25] }),
  ].map((step) => [JSON.stringify(step), step]),
)('%s comes back from JSON as it was', (_, step) => {
  const { fingerprint } = imageSpec({ processors: [step] })
  expect(imageSpecFromData(JSON.parse(JSON.stringify({ processors: [step] }))).fingerprint).toEqual(fingerprint)
})

test.each<[string, (...values: never[]) => unknown, unknown[]]>([
  ['a number where options belong', resizeToFill, [10, 10, 5]],
  ['a flag where options belong', resizeToFill, [10, 10, true]],
  ['nothing where options belong', resizeToFill, [10, 10, null]],
  ['a list where options belong', resizeToFill, [10, 10, ['top']]],
  ['more than it takes', resizeToFill, [10, 10, {}, {}]],
  ['a width given twice', resizeToFit, [10, 10, { width: 20 }]],
])('refuses a call with %s', (_, call, values) => {
  expect(() => call(...(values as never[]))).toThrowError(expect.objectContaining({ code: 'INVALID_PROCESSOR' }))
})

test('an argument may be given among the options', () => {
  expect(resizeToFit(undefined, undefined, { width: 20 } as object)).toEqual(resizeToFit(20))
  expect(resizeToFit(20, undefined, { width: undefined } as object)).toEqual(resizeToFit(20))
})
