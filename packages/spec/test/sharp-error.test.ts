import { expect, test } from 'vitest'
import { errors } from '../src/errors.ts'
import { generalError, sourceError } from '../src/sharp-error.ts'

test.each([
  ['vips_tracked: out of memory --- size == 298MB', 'OUT_OF_MEMORY', 'machine'],
  ['std::bad_alloc', 'OUT_OF_MEMORY', 'machine'],
  ['timeout: 71% complete', 'SOURCE_TOO_SLOW', 'source'],
  ['heif: Unsupported feature: Unsupported codec (4.3000)', 'SOURCE_UNSUPPORTED', 'source'],
  ['VipsJpeg: Unsupported JPEG process: SOF type 0xc3', 'SOURCE_UNSUPPORTED', 'source'],
  ['Input buffer contains unsupported image format', 'SOURCE_BROKEN', 'source'],
  ['VipsJpeg: premature end of JPEG image', 'SOURCE_BROKEN', 'source'],
])('takes %j for %s', (message, code, fault) => {
  const cause = new Error(message)
  expect(sourceError(cause, 'a.jpg', 60)).toMatchObject({ code, fault, cause })
})

test('leaves alone what has a code already', () => {
  const error = errors.NO_IMAGES({ image: 'mark.png' })
  expect(sourceError(error, 'a.jpg', 60)).toBe(error)
})

test('does not take the time that another one took for sharp’s', () => {
  expect(generalError(new Error('connect timeout'), 'a.jpg', 60)).toBeUndefined()
})

test('knows nothing general of what is only wrong', () => {
  expect(generalError(new Error('wrong'), 'a.jpg', 60)).toBeUndefined()
  expect(sourceError('not even an error', 'a.jpg', 60)).toMatchObject({ code: 'SOURCE_BROKEN' })
})
