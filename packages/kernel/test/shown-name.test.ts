import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shownName, withoutExtension } from '../src/names/shown-name.ts'

test.each([
  ['avatars/kim', 'avatars/kim'],
  ['a.b/c d', 'a.b/c d'],
  ['../a', 'a'],
  ['a\\b', 'a/b'],
  ['a//b', 'a/b'],
  ['a/con/b', 'a/_con/b'],
  ['Nul.txt', '_Nul.txt'],
  ['console', 'console'],
  ['a:b', 'a_b'],
  ['a\u0000b', 'a_b'],
  ['\ud800', '_'],
  ['e\u0301', 'é'],
  ['..', '_'],
  ['', '_'],
  ['.. a ..', 'a'],
])('%j shows as %j', (name, shown) => {
  expect(shownName(name)).toBe(shown)
})

test('keeps the last ten segments', () => {
  expect(shownName('1/2/3/4/5/6/7/8/9/10/11/12')).toBe('3/4/5/6/7/8/9/10/11/12')
})

test('cuts a long segment where a character ends', () => {
  expect(shownName(`${'a'.repeat(79)}é`)).toBe('a'.repeat(79))
  expect(shownName('😀'.repeat(30))).toBe('😀'.repeat(20))
})

test('what is shown is shown as it is when it is shown again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const shown = shownName(name)
      expect(shownName(shown)).toBe(shown)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['kim.jpg', 'kim'],
  ['a.b/kim', 'a.b/kim'],
  ['a/.hidden', 'a/.hidden'],
  ['.hidden', '.hidden'],
  ['kim.tar.gz', 'kim.tar'],
  ['kim.', 'kim'],
  ['a\\.jpg', 'a\\.jpg'],
])('%j without its extension is %j', (name, rest) => {
  expect(withoutExtension(name)).toBe(rest)
})
