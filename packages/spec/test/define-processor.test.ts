import {
  defineProcessor,
  imageSpec,
  imageSpecFromData,
  type Picture,
  type ProcessorDefinition,
} from '@latent-image/spec'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { standardProcessors } from '../src/processors/standard.ts'
import { plain } from './pictures.ts'

const apply = (picture: Picture) => picture
const sound = { name: 'test:sound', options: v.strictObject({ by: v.optional(v.number(), 1) }), apply }

function define(changed: object) {
  return defineProcessor({ ...sound, ...changed } as ProcessorDefinition)
}

test.each<[string, object]>([
  ['no name', { name: '' }],
  ['a name that is none', { name: undefined }],
  ['version 0', { version: 0 }],
  ['a negative version', { version: -1 }],
  ['half a version', { version: 1.5 }],
  ['a version that is no number', { version: Number.NaN }],
  ['a version that is text', { version: '2' }],
  ['a version of nothing', { version: null }],
  ['no options', { options: undefined }],
  ['options that are no schema', { options: { by: 1 } }],
  ['options that are no object', { options: v.string() }],
  ['options that swallow what they do not know', { options: v.object({ by: v.number() }) }],
  ['options that let through what they do not know', { options: v.looseObject({ by: v.number() }) }],
  [
    'options that swallow what they do not know further in',
    { options: v.strictObject({ size: v.optional(v.object({ by: v.number() })) }) },
  ],
  ['nothing to do', { apply: undefined }],
  ['a prediction that is none', { predict: { width: 1, height: 1 } }],
  ['an unknown key', { aply: apply }],
  ['an argument that is no option', { positional: ['of'] }],
])('refuses a definition with %s', (_, changed) => {
  expect(() => define(changed)).toThrowError(expect.objectContaining({ code: 'INVALID_PROCESSOR', fault: 'caller' }))
})

test('refuses a definition that is none', () => {
  expect(() => defineProcessor(undefined as never)).toThrowError(expect.objectContaining({ code: 'INVALID_PROCESSOR' }))
})

test.each(standardProcessors.map(({ definition }) => definition.name))(
  'refuses the name `%s`, which stands for other pixels already',
  (name) => {
    expect(() => define({ name })).toThrowError(expect.objectContaining({ code: 'INVALID_PROCESSOR' }))
  },
)

let parsed = 0
const applied: unknown[] = []
const scaled = defineProcessor({
  name: 'test:scaled',
  positional: ['by'],
  options: v.strictObject({
    by: v.optional(
      v.pipe(
        v.string(),
        v.transform((text) => {
          parsed++
          return Number.parseFloat(text)
        }),
      ),
      '50%',
    ),
    size: v.optional(v.strictObject({ width: v.optional(v.number(), 3), height: v.optional(v.number(), 4) }), {}),
  }),
  apply(picture, options) {
    applied.push(options)
    return picture
  },
})

test('options are parsed once, and names are made of what was given', async () => {
  parsed = 0
  const spec = imageSpec({ processors: [scaled('20%')], format: 'png' })
  spec.predict({ width: 10, height: 10 })
  await spec.generate(await plain(10, 10).png().toBuffer())
  expect(parsed).toBe(1)
  expect(applied).toEqual([
    { by: 20, size: { width: 3, height: 4 } },
    { by: 20, size: { width: 3, height: 4 } },
  ])
  expect(spec.fingerprint).toEqual({ processors: [['test:scaled', { by: '20%' }]], format: 'png' })
})

test('a step with options that are transformed goes through JSON unchanged', () => {
  const step = scaled('20%', { size: { width: 7 } })
  const sent = JSON.parse(JSON.stringify(step))
  const { fingerprint } = imageSpecFromData({ processors: [sent] }, { processors: [scaled] })
  expect(fingerprint).toEqual(imageSpec({ processors: [step] }).fingerprint)
})

test('options at their default and options left out hash alike, at any depth', () => {
  expect(scaled('50%')).toEqual(scaled())
  expect(scaled(undefined, { size: {} })).toEqual(scaled())
  expect(scaled(undefined, { size: { height: 4, width: 3 } })).toEqual(scaled())
  expect(scaled(undefined, { size: { height: 5, width: 3 } })).toEqual(scaled(undefined, { size: { height: 5 } }))
})

test('a step keeps the options that it was made with, whatever becomes of the caller’s', () => {
  const size = { width: 7 }
  const step = scaled('20%', { size })
  size.width = 8
  expect(step.options).toEqual({ by: '20%', size: { width: 7 } })
  expect(Object.isFrozen(step.options.size)).toBe(true)
})

const third = defineProcessor({ ...sound, name: 'test:third', version: 3 })

test.each<[string, unknown]>([
  ['of an older version', { name: 'test:third', version: 2, options: {} }],
  ['of the first version', { name: 'test:third', options: {} }],
  ['of no version', { name: 'test:third', version: 'new' }],
  ['with an unknown key', { name: 'test:third', version: 3, option: { by: 2 } }],
  ['with options that are none', { name: 'test:third', version: 3, options: 5 }],
  ['with options that are a list', ['test:third', [2]]],
  ['with options that are a map', ['test:third', new Map([['by', 2]])]],
  ['with an unknown option that looks like a prototype', JSON.parse('["test:third", { "__proto__": {} }]')],
  ['with too much', ['test:third', {}, {}]],
  ['without a name', [{ by: 2 }]],
])('refuses a step as data %s', (_, step) => {
  expect(() => imageSpecFromData({ processors: [step] }, { processors: [third] })).toThrowError(
    expect.objectContaining({ code: 'INVALID_SPEC', fault: 'caller' }),
  )
})

test('the refusal of another version names the processor and both versions', () => {
  const data = { processors: [{ name: 'test:third', version: 2 }] }
  expect(() => imageSpecFromData(data, { processors: [third] })).toThrowError(/processors\.0.*2.*test:third.*3/)
})

test('a step of the version that is here, or of none in particular, is taken', () => {
  const expected = imageSpec({ processors: [third({ by: 2 })] }).fingerprint
  for (const step of [{ name: 'test:third', version: 3, options: { by: 2 } }, ['test:third', { by: 2 }]]) {
    expect(imageSpecFromData({ processors: [step] }, { processors: [third] }).fingerprint).toEqual(expected)
  }
})
