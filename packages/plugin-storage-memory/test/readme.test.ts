import { createKernel } from '@latent-image/kernel'
import { expect, test } from 'vitest'
import { createMemoryStorage, memoryStorage } from '../src/index.ts'

test('an original of the README is saved and found', async () => {
  const kernel = createKernel({ plugins: [memoryStorage()] })
  const original = kernel.source('avatars/kim.jpg')
  expect(await original.exists()).toBe(false)
  await original.save(new Uint8Array([1, 2, 3]))
  expect(await original.exists()).toBe(true)
  expect(await original.bytes()).toEqual(new Uint8Array([1, 2, 3]))
  await kernel.close()
})

test('the storage of the README has an address', async () => {
  const storage = createMemoryStorage({ baseUrl: 'https://cdn.example.org/' })
  await storage.write('a b.webp', new Uint8Array([1]), { type: 'image/webp' })
  expect(await storage.stat('a b.webp')).toMatchObject({ size: 1 })
  expect(await storage.url('a b.webp')).toBe('https://cdn.example.org/a%20b.webp')
})
