import { assertKey, encodeKey, isKey } from '@latent-image/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test.each(['a', 'a/b.jpg', '.hidden', 'a..b', '...', 'a b', 'é', '%2e%2e', 'ab:c', 'CACHE/images/a.jpg', '😀'])(
  '%j is a key',
  (key) => {
    expect([isKey(key), assertKey(key)]).toEqual([true, key])
  },
)

test.each([
  '',
  '/',
  '/a',
  'a/',
  'a//b',
  '.',
  '..',
  'a/..',
  '../a',
  'a/./b',
  'a\\b',
  'C:/a',
  'c:a',
  'a\0',
  'a\nb',
  '\u007f',
  '\ud800',
])('%j is none', (key) => {
  expect(isKey(key)).toBe(false)
  expect(() => assertKey(key)).toThrow(expect.objectContaining({ code: 'INVALID_KEY' }))
})

test('a key as a URL is encoded segment by segment', () => {
  expect(encodeKey('a b/é?#%/😀.jpg')).toBe('a%20b/%C3%A9%3F%23%25/%F0%9F%98%80.jpg')
})

test('a key is found again in its URL', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (key) => {
      expect(encodeKey(key)).toBe(key.split('/').map(encodeURIComponent).join('/'))
    }),
  )
})
