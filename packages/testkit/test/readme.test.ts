import { expect, test } from 'vitest'
import { fakeGenerator, systemError, testKernel } from '../src/index.ts'

test('the fakes of the README do what it says', async () => {
  const generator = fakeGenerator({ source: 'none' })
  const { kernel, storage } = testKernel({ generators: { card: generator } })
  const file = kernel.file('card')

  storage.failures.write = systemError('ENOSPC')
  expect(await file.bytes().catch(({ cause }) => cause.code)).toBe('ENOSPC')
  storage.failures.write = undefined
  expect(await file.bytes()).toEqual(generator.imageOf())
  expect(generator.calls.generate).toBe(2)
  await kernel.close()
})
