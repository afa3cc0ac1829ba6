import { fakeGenerator, strategyConformance, testKernel } from '@latent-image/testkit'
import { describe, expect, test } from 'vitest'
import optimisticByDefault, { optimistic } from '../src/index.ts'

describe('keeps what it promises', () => {
  const cases = strategyConformance(() => optimistic(), { generatesOn: ['sourceSaved'], trusts: true })
  for (const { name, run } of cases) test(name, run)
})

test('a file that was never made is said to exist, and has no bytes', async () => {
  const { kernel } = testKernel({ plugins: [optimistic()], generators: { fake: fakeGenerator() } })
  const file = kernel.file('fake', { source: 'kim.jpg' })
  expect(await file.exists()).toBe(true)
  expect(await file.describe()).toBeNull()
  await expect(file.bytes()).rejects.toMatchObject({ code: 'NOT_GENERATED' })
  await kernel.close()
})

test('a file without a source does not exist', async () => {
  const { kernel } = testKernel({ plugins: [optimistic()], generators: { fake: fakeGenerator() } })
  expect(await kernel.file('fake').exists()).toBe(false)
  await kernel.close()
})

test('takes no options', () => {
  expect(() => optimistic({ verify: true } as never)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining('verify') }),
  )
})

test('is the default export too', () => {
  expect(optimisticByDefault).toBe(optimistic)
})
