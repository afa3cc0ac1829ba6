import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../src/canonical-json.ts'

test.each([
  [{ b: 1, a: [true, null, 'é\n'], B: -1.5e-7 }, '{"B":-1.5e-7,"a":[true,null,"é\\n"],"b":1}'],
  [{ '10': 1, '9': 2 }, '{"10":1,"9":2}'],
  ['\ud800', '"\\ud800"'],
  [Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
])('%j is %s', (value, text) => {
  expect(canonicalJson(value, 'value')).toBe(text)
})

test('says the same as JSON does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value, 'value'))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('does not depend on the order of keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse())
      expect(canonicalJson(reversed, 'value')).toBe(canonicalJson(value, 'value'))
    }),
  )
})

test.each([
  ['an object with a symbol', { [Symbol('s')]: 1 }],
  ['a boxed number', Object(1)],
  ['a typed array', new Uint8Array(1)],
  ['an object that would change itself', { toJSON: () => 1 }],
  ['what is nested too deep', JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`)],
])('refuses %s', (_, value) => {
  expect(() => canonicalJson(value, 'value')).toThrow(expect.objectContaining({ code: 'NOT_JSON' }))
})
