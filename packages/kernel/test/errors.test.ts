import { defineErrors, isLatentImageError, LatentImageError } from '@latent-image/kernel'
import { expect, expectTypeOf, test } from 'vitest'
import { codeOf } from '../src/errors.ts'

const errors = {
  ...defineErrors('machine', {
    FULL: 'The queue `{queue}` holds {jobs}.',
    SLOW: ({ seconds }: { seconds: number }) => `It took ${seconds * 1000} ms.`,
  }),
  ...defineErrors('source', { BROKEN: 'It is broken.' }),
}

test('an error has a code, a fault, a message with its details, and a cause', () => {
  const cause = new Error('why')
  const error = errors.FULL({ queue: 'images', jobs: ['a', 'b'] }, cause)
  expect(error).toBeInstanceOf(Error)
  expect({ ...error, message: error.message, cause: error.cause, name: error.name }).toMatchObject({
    code: 'FULL',
    fault: 'machine',
    message: 'The queue `images` holds a, b.',
    cause,
    name: 'LatentImageError',
  })
  expect(errors.SLOW({ seconds: 2 }).message).toBe('It took 2000 ms.')
  expect(errors.BROKEN({})).toMatchObject({ fault: 'source' })
  expect('cause' in errors.BROKEN({})).toBe(false)
})

test('details are filled in as they are', () => {
  expect(errors.FULL({ queue: '{jobs} $&', jobs: 1 }).message).toBe('The queue `{jobs} $&` holds 1.')
})

test('details are typed', () => {
  expectTypeOf(errors.FULL).parameter(0).toEqualTypeOf<{ readonly queue: unknown; readonly jobs: unknown }>()
  // @ts-expect-error a detail is missing
  errors.FULL({ queue: 'images' })
})

test('an error of another copy of this package is one too', () => {
  const foreign = Object.defineProperty(new Error('x'), Symbol.for('latent-image.error'), { value: true })
  expect(
    [new LatentImageError('X', 'x'), foreign, new Error('x'), null, 'x', undefined].map(isLatentImageError),
  ).toEqual([true, true, false, false, false, false])
})

test('the code of whatever was thrown is a text', () => {
  const thrown = [errors.BROKEN({}), Object.assign(new Error(), { code: 'ENOENT' }), { code: 7 }, null, undefined, 'x']
  expect(thrown.map(codeOf)).toEqual(['BROKEN', 'ENOENT', '', '', '', ''])
})
