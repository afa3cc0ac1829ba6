import { expect, test } from 'vitest'
import { compilePattern } from '../src/pattern.ts'

test.each([
  ['**', 'a:b:c', true],
  ['a', 'a', true],
  ['a', 'a:b:c', true],
  ['a', 'ab', false],
  ['a', 'b:a', false],
  ['*', 'a', true],
  ['*', 'a:b', true],
  ['a:*', 'a', false],
  ['a:*', 'a:b', true],
  ['a:*:c', 'a:b:c', true],
  ['a:*:c', 'a:c', false],
  ['a:*:c', 'a:b:b:c', false],
  ['a:**', 'a:b:c', true],
  ['a:**:c', 'a:b:b:c', true],
  ['a:**:c', 'a:c', true],
  ['**:c', 'a:b:c', true],
  ['**:c', 'c', true],
  ['**:c', 'a:bc', false],
  ['thumb-*', 'thumb-small', true],
  ['thumb-*', 'thumb-small:x', true],
  ['thumb-*', 'thumb', false],
  ['a.b', 'axb', false],
  ['a+(b)', 'a+(b)', true],
])('%s and %s: %s', (pattern, id, expected) => {
  expect(compilePattern(pattern)(id)).toBe(expected)
})
