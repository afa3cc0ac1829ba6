import { fakeGenerator, strategyConformance, testKernel } from '@latent-image/testkit'
import { describe, expect, test } from 'vitest'
import jitByDefault, { jit } from '../src/index.ts'

describe('keeps what it promises', () => {
  const cases = strategyConformance(() => jit(), { generatesOn: ['contentRequired', 'existenceRequired'] })
  for (const { name, run } of cases) test(name, run)
})

test('ten readers of one absent file cost one generation', async () => {
  const generator = fakeGenerator({ source: 'none' })
  const { kernel } = testKernel({ plugins: [jit()], generators: { fake: generator } })
  const file = kernel.file('fake')
  const answers = await Promise.all(Array.from({ length: 10 }, () => file.bytes()))
  for (const answer of answers) expect(answer).toEqual(generator.imageOf())
  expect(generator.calls.generate).toBe(1)
  await kernel.close()
})

test('composes with a strategy of your own', async () => {
  const generator = fakeGenerator()
  const onSave = {
    name: 'on-save',
    apply({ hooks }: Parameters<ReturnType<typeof jit>['apply']>[0]) {
      hooks.sourceSaved.tapPromise('on-save', (file) => file.generate())
    },
  }
  const { kernel, originals } = testKernel({ plugins: [jit(), onSave], generators: { fake: generator } })
  await originals.write('kim.jpg', new Uint8Array([1]), { type: 'image/jpeg' })
  await kernel.sourceSaved('kim.jpg', { for: 'fake' })
  expect(generator.calls.generate).toBe(1)
  await kernel.file('fake', { source: 'ann.jpg' }).exists()
  await kernel.file('fake', { source: 'kim.jpg' }).bytes()
  expect(generator.calls.generate).toBe(1)
  await kernel.close()
})

test('takes no options', () => {
  expect(() => jit({ when: 'always' } as never)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining('when') }),
  )
})

test('is the default export too', () => {
  expect(jitByDefault).toBe(jit)
})
