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

test.each([null, 7, 'fast', [[]]])('refuses %j', (options) => {
  expect(() => checkOptions('queue', schema, options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS' }))
})

test('refuses a schema that needs time', () => {
  const asynchronous = v.objectAsync({})
  expect(() => checkOptions('queue', asynchronous, {})).toThrow(TypeError)
})
