import { checkOptions } from '@latent-image/kernel'
import * as v from 'valibot'
import { expect, test } from 'vitest'

const schema = v.strictObject({
  limit: v.optional(v.number(), 4),
  deep: v.optional(v.strictObject({ on: v.boolean() })),
})

test('options are completed, as a new frozen object', () => {
  const given = { limit: 2 }
  const checked = checkOptions('queue', schema, given)
  expect([checked, Object.isFrozen(checked), checkOptions('queue', schema)]).toEqual([{ limit: 2 }, true, { limit: 4 }])
  expect([checked === given, Object.isFrozen(given)]).toEqual([false, false])
})

test('all mistakes are told at once, with plugin, option and value', () => {
  const message = expect.stringMatching(/`queue`.*limit: .*"2".*deep\.on: .*1.*size: /)
  const check = () => checkOptions('queue', schema, { limit: '2', deep: { on: 1 }, size: 3 })
  expect(check).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS', message }))
})

test.each([
  [
    'every option that there is not',
    { lmit: 1, 'de ep': 2 },
    ['lmit: unknown option, expected `limit`, `deep`', 'de ep: '],
  ],
  ['a deep one', { deep: { on: true, off: 1 } }, ['deep.off: unknown option']],
  ['what is required', { deep: {} }, ['deep.on: required, and not given']],
])('tells %s', (_, options, told) => {
  for (const part of told) expect(() => checkOptions('queue', schema, options)).toThrow(part)
})

test('says that there are no options', () => {
  expect(() => checkOptions('queue', v.strictObject({}), { limit: 1 })).toThrow('limit: unknown option, expected none')
})

test('passes on what other schemas say', () => {
  const validate = () => ({
    issues: [{ message: 'Unrecognized key', path: ['deep', { key: 'off' }] }, { message: 'Wrong' }],
  })
  const check = () => checkOptions('queue', { '~standard': { validate } }, {})
  expect(check).toThrow('deep.off: Unrecognized key; Wrong')
})

test.each([null, 7, 'fast', [[]]])('refuses %j', (options) => {
  expect(() => checkOptions('queue', schema, options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS' }))
})

test('refuses a schema that needs time', () => {
  const asynchronous = v.objectAsync({})
  expect(() => checkOptions('queue', asynchronous, {})).toThrow(TypeError)
})
