import { createKernel, type Generator } from '@latent-image/kernel'
import { expect, onTestFinished, test } from 'vitest'
import memoryStorageByDefault, { createMemoryStorage, type MemoryStorageOptions, memoryStorage } from '../src/index.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const generator: Generator = {
  id: 'a',
  definition: { source: 'none', fingerprint: 1, generate: () => Promise.reject(new Error('is not asked')) },
}

/** A kernel with this plugin, and what it taps. */
function apply(plugin = memoryStorage()) {
  const kernel = createKernel({ plugins: [plugin] })
  onTestFinished(() => kernel.close())
  const storage = kernel.hooks.storage.call(generator)
  if (!storage) throw new Error('There is no storage.')
  const findSource = (name: string, create = false) => kernel.hooks.source.promise(name, { create })
  return { storage, findSource }
}

test('addresses files below `/media/` by default, or below another base URL', async () => {
  expect(await apply().storage.url('a b.webp')).toBe('/media/a%20b.webp')
  for (const baseUrl of ['https://cdn.example.org/m', 'https://cdn.example.org/m/']) {
    const { storage } = apply(memoryStorage({ baseUrl }))
    expect(await storage.url('a b.webp')).toBe('https://cdn.example.org/m/a%20b.webp')
  }
})

test('has no paths', () => {
  expect(createMemoryStorage().path).toBeUndefined()
})

test('finds, saves and deletes originals by name', async () => {
  const { findSource } = apply()
  expect(await findSource('kim.jpg')).toBeUndefined()
  const source = await findSource('kim.jpg', true)
  await expect(source?.open()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  await source?.save?.(bytes('kim'))
  expect(await (await findSource('kim.jpg'))?.open()).toEqual(bytes('kim'))
  await source?.delete?.()
  await source?.delete?.()
  expect(await findSource('kim.jpg')).toBeUndefined()
})

test('leaves names that cannot be its own to others', async () => {
  const { findSource } = apply()
  for (const name of ['', '../a.jpg', '/a.jpg', 'a//b.jpg']) expect(await findSource(name, true), name).toBeUndefined()
})

test('each kernel begins with no files', async () => {
  const plugin = memoryStorage()
  const first = apply(plugin)
  await first.storage.write('a.webp', bytes('a'), { type: 'image/webp' })
  expect(await first.storage.stat('a.webp')).toMatchObject({ size: 1 })
  expect(await apply(plugin).storage.stat('a.webp')).toBeUndefined()
})

test.each([
  [{ root: 'media' }, 'root'],
  [{ baseUrl: 1 }, 'baseUrl'],
  [{ baseUrl: '/media?key=' }, '/media?key='],
])('refuses options such as %j at once', (options, found) => {
  expect(() => memoryStorage(options as MemoryStorageOptions)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining(found) }),
  )
})

test('is the default export too', () => {
  expect(memoryStorageByDefault).toBe(memoryStorage)
})
