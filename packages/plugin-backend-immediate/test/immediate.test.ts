import { availableParallelism } from 'node:os'
import type { Kernel } from '@latent-image/kernel'
import { backendConformance, type FakeGenerator, fakeGenerator, testKernel } from '@latent-image/testkit'
import { afterEach, describe, expect, test, vi } from 'vitest'
import immediateByDefault, { type ImmediateOptions, immediate } from '../src/index.ts'

afterEach(() => vi.unstubAllEnvs())

for (const concurrency of [1, 8]) {
  describe(`keeps what it promises, ${concurrency} at a time`, () => {
    for (const { name, run } of backendConformance(() => immediate({ concurrency }))) test(name, run)
  })
}

/** A kernel whose generations are held, with so many files asked for. */
function hold(
  options: ImmediateOptions,
  count: number,
): { kernel: Kernel; generator: FakeGenerator; done: Promise<unknown> } {
  const generator = fakeGenerator({ source: 'none' })
  generator.gate.close()
  const { kernel } = testKernel({ plugins: [immediate(options)], generators: { fake: generator } })
  const files = Array.from({ length: count }, (_, number) => kernel.file('fake', { params: { number } }))
  return { kernel, generator, done: Promise.all(files.map((file) => file.generate())) }
}

async function expectAtATime(limit: number, options: ImmediateOptions): Promise<void> {
  const { kernel, generator, done } = hold(options, limit + 5)
  await generator.gate.reached(limit)
  await new Promise(setImmediate)
  expect(generator.calls.generate).toBe(limit)
  generator.gate.open()
  await done
  expect(generator.calls.generate).toBe(limit + 5)
  await kernel.close()
}

test('has a limited number of files in work', () => expectAtATime(3, { concurrency: 3 }))

test.each([
  ['4', 2],
  ['8', 6],
  ['3', 1],
  ['1', 1],
  ['', 2],
])('leaves two threads of a pool of %j free by default', (size, threads) => {
  vi.stubEnv('UV_THREADPOOL_SIZE', size)
  return expectAtATime(Math.min(threads, availableParallelism()), {})
})

test('each kernel has a gate of its own', async () => {
  const plugin = immediate({ concurrency: 1 })
  const kernels = [0, 1].map(() => {
    const generator = fakeGenerator({ source: 'none' })
    return { generator, ...testKernel({ plugins: [plugin], generators: { fake: generator } }) }
  })
  for (const { generator } of kernels) generator.gate.close()
  const work = kernels.map(({ kernel }) => kernel.file('fake').generate())
  for (const { generator } of kernels) await generator.gate.reached()
  for (const { generator } of kernels) generator.gate.open()
  await Promise.all(work)
  await Promise.all(kernels.map(({ kernel }) => kernel.close()))
})

test('answers that the file is generated, in the turn of who asked', async () => {
  const { kernel } = testKernel({ plugins: [immediate()], generators: { fake: fakeGenerator({ source: 'none' }) } })
  expect(await kernel.file('fake').generate()).toBe('generated')
  expect(await kernel.file('fake').generate()).toBe('exists')
  await kernel.close()
})

test.each([
  [{ concurrency: 0 }, '0'],
  [{ concurrency: 1.5 }, '1.5'],
  [{ concurrency: '2' }, '"2"'],
  [{ concurency: 2 }, 'concurency'],
])('refuses options such as %j at once', (options, found) => {
  expect(() => immediate(options as ImmediateOptions)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining(found) }),
  )
})

test('is the default export too', () => {
  expect(immediateByDefault).toBe(immediate)
})
