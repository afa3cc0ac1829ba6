import { expect, test } from 'vitest'
import { globSources } from '../src/index.ts'

test.each([
  ['no patterns', {}],
  ['an empty list of patterns', { patterns: [] }],
  ['an empty pattern', { patterns: '' }],
  ['an unknown option', { patterns: '**', pattern: '**' }],
  ['a negated pattern', { patterns: ['**', '!a.jpg'] }],
  ['an absolute pattern', { patterns: '/srv/**' }],
  ['a pattern with a drive letter', { patterns: 'C:/srv/**' }],
  ['a pattern that leaves the folder', { patterns: '../**' }],
  ['an empty folder', { patterns: '**', directory: '' }],
  ['a wrong type', { patterns: '**', dot: 'yes' }],
])('refuses %s', (_, options) => {
  // @ts-expect-error -- what JavaScript and JSON can pass
  expect(() => globSources(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS' }))
})

test('takes a negated group inside of a pattern', () => {
  expect(globSources({ patterns: '!(CACHE)/**' }).name).toBe('sources-glob')
})
