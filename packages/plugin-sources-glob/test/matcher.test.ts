import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMatcher, type MatcherOptions } from '../src/matcher.ts'

function matcherOf(options: Partial<MatcherOptions>) {
  return createMatcher({ patterns: ['**'], ignore: [], dot: false, ...options })
}

test('means names that match any of the patterns', () => {
  const { matches } = matcherOf({ patterns: ['*.jpg', 'avatars/**/*.png'] })
  expect(['a.jpg', 'avatars/kim.png', 'avatars/team/kim.png'].map(matches)).toEqual([true, true, true])
  expect(['a.png', 'b/a.jpg', 'avatars/kim.jpg'].map(matches)).toEqual([false, false, false])
})

test('does not mean what is ignored, nor what is below it', () => {
  const { matches } = matcherOf({ ignore: ['CACHE', '**/*.tmp'] })
  expect(['a.jpg', 'CACHE/a.jpg', 'CACHE/deep/er/a.jpg', 'x.tmp/a.jpg', 'a.tmp'].map(matches)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ])
})

test('means names that begin with a dot only if told to', () => {
  expect(matcherOf({}).matches('.git/a.jpg')).toBe(false)
  expect(matcherOf({ dot: true }).matches('.git/a.jpg')).toBe(true)
  expect(matcherOf({ patterns: ['.well-known/*'] }).matches('.well-known/a.jpg')).toBe(true)
})

test('looks only into folders that can contain a match', () => {
  const { mayContain } = matcherOf({ patterns: ['shop/products/**/*.jpg', 'logo.svg'] })
  expect(['', 'shop', 'shop/products', 'shop/products/red'].map(mayContain)).toEqual([true, true, true, true])
  expect(['blog', 'shop/orders', 'shopping'].map(mayContain)).toEqual([false, false, false])
})

test('looks into folders whose names contain escaped characters of patterns', () => {
  const { mayContain, matches } = matcherOf({ patterns: ['a\\[1\\]/*.jpg'] })
  expect([matches('a[1]/b.jpg'), mayContain('a[1]')]).toEqual([true, true])
})

test('looks into every folder above a match, whatever the patterns', () => {
  const segment = fc.constantFrom('a', 'b', 'ab', '.c', 'x[1]')
  const name = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'))
  const wildcard = fc.constantFrom('*', '**', '?', '{a,b}', '{a/b,b}', '!(a)', '+(a|b)', '[ab]', 'x\\[1\\]', '.c', 'a')
  const pattern = fc.array(wildcard, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'))
  fc.assert(
    fc.property(
      name,
      fc.array(pattern, { minLength: 1, maxLength: 3 }),
      fc.array(pattern, { maxLength: 2 }),
      (...all) => {
        const [path, patterns, ignore] = all
        const { matches, mayContain } = matcherOf({ patterns, ignore })
        fc.pre(matches(path))
        const above = path.split('/').slice(0, -1)
        above.forEach((_, index) => {
          expect(mayContain(above.slice(0, index + 1).join('/'))).toBe(true)
        })
      },
    ),
    { numRuns: 500 },
  )
})
