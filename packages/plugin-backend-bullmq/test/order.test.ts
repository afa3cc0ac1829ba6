import { expect, test } from 'vitest'
import { parseOrder } from '../src/order.ts'

const file = { generator: 'generator', source: { name: 'a.png' }, params: {}, name: 'a/0.png' }

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels))

const orderOf = (changes: object) => ({ file: { ...file, ...changes }, token: 't', attempt: 0 })

test.each([
  [
    'a source with a revision and attributes',
    { source: { name: 'a.png', revision: '1', attributes: { x: [0.5, null] } } },
  ],
  ['a source that is a derivative', { source: { name: 'b.png', file: { ...file, source: { name: 'c.png', file } } } }],
  ['no source', { source: null, name: null }],
  ['any params', { params: [nested(100)] }],
])('takes an order with %s', (_, changes) => {
  expect(parseOrder(orderOf(changes), 'queue')).toEqual(orderOf(changes))
})

test.each([
  ['nothing', null],
  ['a text', 'generate'],
  ['params that are nested too deep', orderOf({ params: nested(5_000) })],
  ['params nested so deep that they cannot be written again', orderOf({ params: nested(40_000) })],
  ['a source that is a text', orderOf({ source: 'a.png' })],
  ['an unknown key in its source', orderOf({ source: { name: 'a.png', open: 'x' } })],
  ['a derivative as its source that is none', orderOf({ source: { name: 'a.png', file: true } })],
  [
    'a derivative as its source with a wrong type deep inside',
    orderOf({ source: { name: 'b', file: { ...file, name: 7 } } }),
  ],
])('refuses %s', (_, value) => {
  expect(() => parseOrder(value, 'queue')).toThrow(expect.objectContaining({ code: 'INVALID_ORDER' }))
})

test('says what is wrong with the whole', () => {
  expect(() => parseOrder([], 'queue')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('``') }))
})
