import { runInNewContext } from 'node:vm'
import {
  defineProcessor,
  type Edges,
  imageSpec,
  imageSpecFromData,
  type Picture,
  resizeToFill,
  resizeToFit,
  type Size,
} from '@latent-image/spec'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { animation, blue, decode, distance, green, noParams, plain, quarters, red, sourceOf } from './pictures.ts'

const jpeg = await quarters(400, 300).jpeg().toBuffer()

test.each([
  ['a.jpg', 'image/jpeg'],
  ['a.PNG', 'image/png'],
  ['a.webp', 'image/webp'],
  ['a.avif', 'image/avif'],
  ['a.gif', 'image/gif'],
  ['a.tiff', 'image/tiff'],
  ['a', 'image/jpeg'],
  ['a.svg', 'image/jpeg'],
])('takes the format of %s from its name', async (name, type) => {
  const spec = imageSpec({ processors: [resizeToFill(40, 20)] })
  const { data, facts } = await spec.generate({ source: sourceOf(name, jpeg), ...noParams })
  expect(facts).toEqual({ width: 40, height: 20, type })
  expect(await spec.inspect(data)).toEqual(facts)
})

test('takes the format that the spec names', async () => {
  const { facts } = await imageSpec({ format: 'webp' }).generate({ source: sourceOf('a.jpg', jpeg), ...noParams })
  expect(facts.type).toBe('image/webp')
})

test('makes bytes at hand into a derivative of their own format', async () => {
  const { facts } = await imageSpec({ processors: [resizeToFit(40)] }).generate(await plain(100, 50).png().toBuffer())
  expect(facts).toEqual({ width: 40, height: 20, type: 'image/png' })
})

test('a spec without processors keeps the size', async () => {
  const { facts } = await imageSpec({}).generate(jpeg)
  expect(facts).toEqual({ width: 400, height: 300, type: 'image/jpeg' })
})

test('makes the same bytes every time', async () => {
  const spec = imageSpec({ processors: [resizeToFill(80, 80)], format: 'webp' })
  const [first, second] = await Promise.all([spec.generate(jpeg), spec.generate(jpeg)])
  expect(Buffer.compare(first.data, second.data)).toBe(0)
})

test('leaves bytes it was given as they were', async () => {
  const copy = Buffer.from(jpeg)
  await imageSpec({ processors: [resizeToFill(80, 80)] }).generate(copy)
  expect(copy.equals(jpeg)).toBe(true)
})

test('options at their default and options left out have the same fingerprint', () => {
  const short = imageSpec({ processors: [resizeToFill(30, 20)], format: 'webp' })
  const long = imageSpec({
    options: { effort: 4, quality: 80 },
    format: 'webp',
    processors: [resizeToFill(30, 20, { upscale: false, anchor: 'center' })],
    limits: { pixels: 1000, outputSide: 16_383 },
    orient: true,
    animated: true,
  })
  expect(long.fingerprint).toEqual(short.fingerprint)
})

test('the fingerprint holds what the bytes depend on', () => {
  const { fingerprint } = imageSpec({
    processors: [resizeToFill(30, 20, { anchor: 'top' })],
    format: 'webp',
    options: { quality: 70 },
    limits: { outputSide: 100 },
    orient: false,
    animated: false,
  })
  expect(fingerprint).toEqual({
    processors: [['resizeToFill', { width: 30, height: 20, anchor: 'top' }]],
    format: 'webp',
    options: { quality: 70 },
    limits: { outputSide: 100 },
    orient: false,
    animated: false,
  })
})

test('`auto` is the same as no format', () => {
  expect(imageSpec({ format: 'auto' }).fingerprint).toEqual(imageSpec({}).fingerprint)
})

test('plain data makes the same spec as calls do', async () => {
  const data = JSON.parse(
    '{"processors":[["resizeToFill",{"width":300,"height":200}]],"format":"webp","options":{"quality":70}}',
  )
  const called = imageSpec({ processors: [resizeToFill(300, 200)], format: 'webp', options: { quality: 70 } })
  const written = imageSpecFromData(data)
  expect(written.fingerprint).toEqual(called.fingerprint)
  expect(Buffer.compare((await written.generate(jpeg)).data, (await called.generate(jpeg)).data)).toBe(0)
})

test('a step that was sent as JSON still works', async () => {
  const step = JSON.parse(JSON.stringify(resizeToFit(40)))
  expect((await imageSpec({ processors: [step] }).generate(jpeg)).facts.width).toBe(40)
})

test('a dynamic spec depends on source and params', async () => {
  const spec = imageSpec(
    (source, { width }) => ({
      processors: [resizeToFill(width, 100, { anchor: source.attributes === 'left' ? 'left' : 'right' })],
      format: 'png',
    }),
    { params: { width: [100, 200] } },
  )
  const source = { ...sourceOf('a.jpg', jpeg), attributes: 'left' }
  if (typeof spec.fingerprint !== 'function') throw new TypeError('a dynamic spec has a function')
  expect(spec.fingerprint(source, { width: 200 })).toEqual({
    processors: [['resizeToFill', { width: 200, height: 100, anchor: 'left' }]],
    format: 'png',
  })
  const { facts, data } = await spec.generate({ source, params: { width: 100 }, signal: noParams.signal })
  expect(facts.width).toBe(100)
  expect(distance((await decode(data)).at(50, 80), blue)).toBeLessThan(12)
})

test('a dynamic spec is not shown the bytes', () => {
  const spec = imageSpec((source) => ({ processors: [resizeToFit(Object.keys(source).length)] }))
  const withBytes = sourceOf('a.jpg', jpeg)
  return expect(spec.generate({ source: withBytes, ...noParams })).resolves.toMatchObject({ facts: { width: 1 } })
})

test('declared params are enumerated in all combinations', () => {
  const spec = imageSpec(({ name }, { width, crop }) => ({ processors: crop && name ? [resizeToFit(width)] : [] }), {
    params: { width: [320, 640], crop: [true, false] },
  })
  expect(spec.variants).toEqual([
    { width: 320, crop: true },
    { width: 320, crop: false },
    { width: 640, crop: true },
    { width: 640, crop: false },
  ])
})

test.each([
  ['a value that was not declared', { width: 321 }],
  ['a missing one', {}],
  ['an unknown one', { width: 320, height: 1 }],
  ['none at all', null],
  ['one inherited', Object.create({ width: 320 })],
])('refuses params with %s', (_, params) => {
  const spec = imageSpec((_source, { width }) => ({ processors: [resizeToFit(width)] }), { params: { width: [320] } })
  if (typeof spec.fingerprint !== 'function') throw new TypeError('a dynamic spec has a function')
  const { fingerprint } = spec
  expect(() => fingerprint({ name: 'a.jpg' }, params as never)).toThrowError(
    expect.objectContaining({ code: 'INVALID_PARAMS', fault: 'caller' }),
  )
})

test('plugins and namer go with the definition', () => {
  const plugins = [{ name: 'nothing', apply: () => {} }]
  const namer = () => 'a'
  expect(imageSpec({}, { plugins, namer })).toMatchObject({ plugins, namer, source: 'required' })
})

test.each([
  ['an unknown key', { processor: [] }],
  ['an unknown format', { format: 'bmp' }],
  ['an option of another format', { format: 'png', options: { quality: 80, lossless: true } }],
  ['an option that is out of range', { format: 'jpeg', options: { quality: 101 } }],
  ['an option of a format that is left open', { options: { lossless: true } }],
  ['processors that are no list', { processors: 'resize' }],
  ['a processor that is none', { processors: [42] }],
  ['a processor with wrong options', { processors: [['resizeToFill', { width: 'a', height: 2 }]] }],
  ['an unknown limit', { limits: { pixel: 3 } }],
  ['nothing', null],
])('refuses a spec with %s', (_, data) => {
  expect(() => imageSpecFromData(data)).toThrowError(expect.objectContaining({ code: 'INVALID_SPEC', fault: 'caller' }))
})

test.each([
  ['a promise', Promise.resolve({})],
  ['a map', new Map([['format', 'webp']])],
  ['a date', new Date()],
  ['a list', []],
  ['text', 'webp'],
  ['options that are a map', { format: 'webp', options: new Map() }],
  ['limits that are a map', { limits: new Map() }],
])('refuses a spec that is %s', (_, content) => {
  expect(() => imageSpec(content as never)).toThrowError(expect.objectContaining({ code: 'INVALID_SPEC' }))
})

test.each([
  ['resolves', async () => ({ format: 'webp' })],
  ['rejects', () => Promise.reject(new Error('late'))],
])('a function that tells a spec is told not to be async, when its promise %s', (_, make) => {
  const spec = imageSpec(make as never)
  expect(() => spec.predict({ width: 1, height: 1 })).toThrowError(
    expect.objectContaining({ code: 'INVALID_SPEC', message: expect.stringContaining('async') }),
  )
})

test('takes a spec from another realm, and one without a prototype', () => {
  const { fingerprint } = imageSpec({ format: 'webp' })
  expect(imageSpec(runInNewContext(`({ format: 'webp' })`)).fingerprint).toEqual(fingerprint)
  expect(imageSpec(Object.assign(Object.create(null), { format: 'webp' })).fingerprint).toEqual(fingerprint)
})

test('the refusal of data tells every mistake and its path', () => {
  const data = {
    processors: [['resizeToFill', { width: 'a', height: 2 }], ['sharpenUp']],
    format: 'webp',
    options: { quality: 900 },
    limits: { pixls: 1 },
  }
  expect(() => imageSpecFromData(data)).toThrowError(
    /limits\.pixls.*no option.*processors\.0\.resizeToFill\.width.*"a".*processors\.1.*sharpenUp.*options\.quality.*900/s,
  )
})

const dimmed = defineProcessor({
  name: 'test:dimmed',
  version: 2,
  positional: ['by'],
  options: v.strictObject({ by: v.optional(v.number(), 0.5) }),
  apply: (picture, { by }) => picture.effect((image) => image.linear(by, 0)),
})

test('a processor of one’s own works by call', async () => {
  const { data } = await imageSpec({ processors: [dimmed(0.1)], format: 'png' }).generate(
    await plain(10, 10).png().toBuffer(),
  )
  expect((await decode(data)).at(5, 5)).toEqual([20, 2, 2])
})

test('a processor of one’s own works by name where it is given', async () => {
  const spec = imageSpecFromData({ processors: [['test:dimmed', { by: 0.1 }]] }, { processors: [dimmed] })
  expect(spec.fingerprint).toEqual({ processors: [['test:dimmed', 2, { by: 0.1 }]] })
  const { data } = await spec.generate(await plain(10, 10).png().toBuffer())
  expect((await decode(data)).at(5, 5)).toEqual([20, 2, 2])
})

test('the version of a processor is part of the fingerprint', () => {
  expect(imageSpec({ processors: [dimmed()] }).fingerprint).toEqual({ processors: [['test:dimmed', 2, {}]] })
})

test('a processor that nobody knows is named', () => {
  expect(() => imageSpecFromData({ processors: [['test:dimmed']] })).toThrowError(
    expect.objectContaining({ code: 'UNKNOWN_PROCESSOR', message: expect.stringContaining('test:dimmed') }),
  )
})

test('a processor that throws is named', async () => {
  const failing = defineProcessor({
    name: 'test:failing',
    options: v.strictObject({}),
    apply: () => {
      throw new Error('no film left')
    },
  })
  await expect(imageSpec({ processors: [failing()] }).generate(jpeg)).rejects.toMatchObject({
    code: 'PROCESSOR_FAILED',
    fault: 'caller',
    message: expect.stringMatching(/test:failing.*no film left/),
  })
})

const black = { r: 0, g: 0, b: 0, alpha: 1 }
const edges = { top: 1, right: 1, bottom: 1, left: 1 }

test.each<[string, (picture: Picture) => unknown]>([
  ['returns nothing', () => undefined],
  ['returns a promise', async (picture) => picture],
  ['returns a promise that rejects', () => Promise.reject(new Error('late'))],
  ['returns a sharp', () => plain(1, 1)],
  ['adds less than nothing', (picture) => picture.extend({ ...edges, top: -1 }, black)],
  ['adds parts of pixels', (picture) => picture.extend({ ...edges, top: 0.5 }, black)],
  ['adds at three sides', (picture) => picture.extend({ top: 1, right: 1, bottom: 1 } as Edges, black)],
  ['adds a color that is none', (picture) => picture.extend(edges, 'black' as never)],
  ['adds a color that is out of range', (picture) => picture.extend(edges, { ...black, r: 256 })],
  ['turns by parts of quarters', (picture) => picture.turn({ mirrored: false, quarters: 0.5 })],
  ['scales to nothing', (picture) => picture.resize(0, 10)],
  ['cuts out what is not there', (picture) => picture.extract({ left: 0, top: 0, width: 500, height: 1 })],
  ['has no effect to give', (picture) => picture.effect(undefined as never)],
  ['finds without looking', (picture) => picture.extractWhere('top' as never)],
])('a processor that %s is named, and nothing is foretold of it', async (_, apply) => {
  const faulty = defineProcessor({ name: 'test:faulty', options: v.strictObject({}), apply: apply as () => Picture })
  const spec = imageSpec({ processors: [faulty()], format: 'png' })
  await expect(spec.generate(jpeg)).rejects.toMatchObject({
    code: 'PROCESSOR_FAILED',
    fault: 'caller',
    message: expect.stringContaining('test:faulty'),
  })
  expect(spec.predict({ width: 400, height: 300 })).toBeUndefined()
})

test.each<[string, (picture: Picture) => Picture]>([
  ['effect makes nothing', (picture) => picture.effect(() => undefined as never)],
  ['finder finds nothing', (picture) => picture.extractWhere(() => undefined as never)],
  [
    'finder looks outside',
    (picture) => picture.extractWhere(() => ({ left: 399, top: 0, width: 2, height: 1 }), { width: 2, height: 1 }),
  ],
])('a processor whose %s is named', async (_, apply) => {
  const faulty = defineProcessor({ name: 'test:faulty', options: v.strictObject({}), apply })
  await expect(imageSpec({ processors: [faulty()], format: 'png' }).generate(jpeg)).rejects.toMatchObject({
    code: 'PROCESSOR_FAILED',
    fault: 'caller',
  })
})

test.each([
  [
    'throws',
    () => {
      throw new Error('never')
    },
  ],
  ['tells half a pixel', () => ({ width: 0.5, height: 1 })],
])('nothing is foretold by a processor whose prediction %s', (_, predict) => {
  const faulty = defineProcessor({
    name: 'test:faulty',
    options: v.strictObject({}),
    apply: (picture) => picture.redraw((image) => image),
    predict: predict as () => Size,
  })
  expect(imageSpec({ processors: [faulty()] }).predict({ width: 1, height: 1 })).toBeUndefined()
})

test('a processor that breaks its word on the size is named', async () => {
  const lying = defineProcessor({
    name: 'test:lying',
    options: v.strictObject({}),
    apply: (picture) => picture.effect((image) => image.resize(7)),
  })
  await expect(imageSpec({ processors: [lying()] }).generate(jpeg)).rejects.toMatchObject({ code: 'PROCESSOR_FAILED' })
})

test('a processor that asks for a giant is stopped before the work', async () => {
  const spec = imageSpec({ processors: [resizeToFill(65_000, 65_000, { upscale: true })] })
  await expect(spec.generate(jpeg)).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE', fault: 'caller' })
})

test('a giant that would be cut small again is stopped, too', async () => {
  const line = await plain(2, 9000).png().toBuffer()
  const spec = imageSpec({ processors: [resizeToFill(300, 200, { upscale: true })] })
  await expect(spec.generate(line)).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE' })
  expect(spec.predict({ width: 2, height: 9000 })).toBeUndefined()
})

test('a giant on the way is stopped, whatever comes after it', async () => {
  const detour = defineProcessor({
    name: 'test:detour',
    options: v.strictObject({}),
    apply: (picture) =>
      picture
        .extend({ top: 0, right: 60_000, bottom: 60_000, left: 0 }, { r: 0, g: 0, b: 0, alpha: 1 })
        .extract({ left: 0, top: 0, width: 10, height: 10 }),
  })
  await expect(imageSpec({ processors: [detour()] }).generate(jpeg)).rejects.toMatchObject({
    code: 'PICTURE_TOO_LARGE',
  })
})

test('the frames of an animation count together, enlarged ones too', async () => {
  const source = await animation(20, 20, [red, green, blue])
  const enlarged = (pixels: number, animated: boolean) =>
    imageSpec({ processors: [resizeToFit(100, 100, { upscale: true })], limits: { pixels }, animated }).generate(source)
  await expect(enlarged(29_999, true)).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE', fault: 'caller' })
  expect((await enlarged(30_000, true)).facts).toMatchObject({ width: 100, frames: 3 })
  expect((await enlarged(10_000, false)).facts.width).toBe(100)
})

test('a caller who has gone stops the work', async () => {
  const signal = AbortSignal.abort()
  const work = imageSpec({}).generate({ source: sourceOf('a.jpg', jpeg), params: {}, signal })
  await expect(work).rejects.toMatchObject({ name: 'AbortError' })
})

test('what opening the source rejects with passes untouched', async () => {
  const error = Object.assign(new Error('too many open files'), { code: 'EMFILE' })
  const source = { name: 'a.jpg', open: () => Promise.reject(error) }
  await expect(imageSpec({}).generate({ source, ...noParams })).rejects.toBe(error)
})

test('makes a derivative of an ArrayBuffer, as uploads bring it', async () => {
  const bytes = await quarters(40, 20).jpeg().toBuffer()
  const { facts } = await imageSpec({ format: 'png' }).generate(Uint8Array.from(bytes).buffer)
  expect(facts).toMatchObject({ width: 40, height: 20, type: 'image/png' })
})

test('refuses what holds no bytes', async () => {
  const generate = imageSpec({ format: 'png' }).generate as (input: unknown) => Promise<unknown>
  for (const input of [undefined, 'photo.jpg', new Blob(['x']), {}]) {
    await expect(generate(input)).rejects.toMatchObject({ code: 'INVALID_INPUT', fault: 'caller' })
  }
})
