import { createKernel, type SourceInput } from '@latent-image/kernel'
import { fakeGenerator, testKernel } from '@latent-image/testkit'
import { expect, test } from 'vitest'

const kernel = createKernel({ generators: { thumb: fakeGenerator() } })
const sourceOf = (source: SourceInput) => kernel.file('thumb', { source }).source
const original = new Uint8Array([1, 2, 3])

test.each<[string, SourceInput, object]>([
  ['a name', 'kim.jpg', { name: 'kim.jpg' }],
  ['a name with a revision', { name: 'kim.jpg', revision: '1' }, { name: 'kim.jpg', revision: '1' }],
  ['an empty revision', { name: 'kim.jpg', revision: '' }, { name: 'kim.jpg', revision: '' }],
  ['attributes', { name: 'kim.jpg', attributes: { x: [1] } }, { name: 'kim.jpg', attributes: { x: [1] } }],
  ['more than is known', { name: 'kim.jpg', id: 7 } as SourceInput, { name: 'kim.jpg' }],
])('understands %s', (_, input, reference) => {
  expect(sourceOf(input)).toEqual(reference)
})

test('an uploaded file brings its bytes and a revision', async () => {
  const { kernel } = testKernel({ generators: { thumb: fakeGenerator() } })
  const upload = (lastModified: number) => new File([original], 'kim.jpg', { lastModified })
  const file = kernel.file('thumb', { source: upload(5) })
  expect(file.source).toEqual({ name: 'kim.jpg', revision: '5-3' })
  expect(await file.bytes()).toEqual(fakeGenerator().imageOf(original))
  expect(kernel.file('thumb', { source: upload(6) }).name).not.toBe(file.name)
})

test('a source of its own brings its bytes; its class does not matter', async () => {
  const { kernel } = testKernel({ generators: { thumb: fakeGenerator() } })
  class Row {
    readonly name = 'kim.jpg'
    readonly #data = original
    async open() {
      return this.#data
    }
  }
  expect(await kernel.file('thumb', { source: new Row() }).bytes()).toEqual(fakeGenerator().imageOf(original))
})

test.each<[string, unknown]>([
  ['a number', 7],
  ['a function', () => 'kim.jpg'],
  ['an object without a name', { revision: '1' }],
  ['a name that is no text', { name: 7 }],
  ['a blob without a name', new Blob([original])],
  ['a revision of two lines', { name: 'kim.jpg', revision: 'a\nb' }],
  ['a revision that is no text', { name: 'kim.jpg', revision: 7 }],
])('refuses %s', (_, input) => {
  expect(() => sourceOf(input as SourceInput)).toThrow(expect.objectContaining({ code: 'INVALID_SOURCE' }))
})

test('refuses attributes that JSON cannot carry', () => {
  const attributes = { at: new Date() } as unknown as string
  const refused = expect.objectContaining({ code: 'NOT_JSON', message: expect.stringContaining('attributes.at') })
  expect(() => sourceOf({ name: 'kim.jpg', attributes })).toThrow(refused)
})
