import { createHash } from 'node:crypto'
import type { Plugin, SourceHandle } from '@latent-image/kernel'
import { memoryStorage } from '@latent-image/plugin-storage-memory'
import { fakeGenerator, fakeSourceGroup, Gate, testKernel } from '@latent-image/testkit'
import { expect, test } from 'vitest'

const original = new TextEncoder().encode('pixels')

function only(handle: Partial<SourceHandle>): Plugin {
  const source = { name: 'kim.jpg', open: async () => original, ...handle }
  return { name: 'only', apply: ({ hooks }) => hooks.source.tapPromise('only', async () => source) }
}

test('is saved, read and deleted in the storage that holds sources', async () => {
  const { kernel, originals } = testKernel()
  const source = kernel.source('kim.jpg')
  expect(await source.exists()).toBe(false)
  await source.save(original)
  expect([await source.exists(), await source.bytes()]).toEqual([true, original])
  expect(await originals.read('kim.jpg')).toEqual(original)
  await source.delete()
  expect(await source.exists()).toBe(false)
})

test('save() resolves to a revision of the bytes, and to what became of the derivatives', async () => {
  const thumb = fakeGenerator()
  const { kernel } = testKernel({ generators: { thumb } })
  kernel.addSourceGroup(fakeSourceGroup({ sources: { 'kim.jpg': original } }))
  const { revision, saved } = await kernel.source('kim.jpg').save(original)
  expect(revision).toBe(createHash('sha256').update(original).digest('hex').slice(0, 16))
  expect(saved).toEqual([
    { file: expect.objectContaining({ generator: expect.objectContaining({ id: 'thumb' }) }), outcome: 'absent' },
  ])
})

test('replacing it makes what was made from it anew', async () => {
  const thumb = fakeGenerator()
  const { kernel } = testKernel({ generators: { thumb } })
  const source = kernel.source('kim.jpg')
  await source.save(original)
  const file = kernel.file('thumb', { source: 'kim.jpg' })
  await file.bytes()
  const changed = new TextEncoder().encode('other pixels')
  await source.save(changed)
  expect(await file.bytes()).toEqual(thumb.imageOf(changed))
})

test('deleting it removes what was made from it', async () => {
  const { kernel, storage } = testKernel({ generators: { thumb: fakeGenerator() } })
  const source = kernel.source('kim.jpg')
  await source.save(original)
  const file = kernel.file('thumb', { source: 'kim.jpg' })
  await file.bytes()
  await source.delete()
  expect(await storage.inner.stat(String(file))).toBeUndefined()
  expect(await file.exists()).toBe(false)
})

test('bytes() rejects where there is none', async () => {
  await expect(testKernel().kernel.source('kim.jpg').bytes()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
})

test('delete() of an absent one is fine', async () => {
  expect(await testKernel().kernel.source('kim.jpg').delete()).toEqual([])
})

test('where nobody can save or delete it, it says so', async () => {
  const { kernel } = testKernel({ plugins: [only({})] })
  await expect(kernel.source('kim.jpg').save(original)).rejects.toMatchObject({ code: 'SOURCE_READ_ONLY' })
  await expect(kernel.source('kim.jpg').delete()).rejects.toMatchObject({ code: 'SOURCE_READ_ONLY' })
})

test('where nobody would hold a new one, it says so', async () => {
  await expect(testKernel().kernel.source('../kim.jpg').exists()).rejects.toMatchObject({ code: 'INVALID_KEY' })
})

test('idle() waits until it is saved', async () => {
  const gate = new Gate()
  gate.close()
  const { kernel } = testKernel({ plugins: [only({ save: () => gate.pass() })] })
  const saving = kernel.source('kim.jpg').save(original)
  await gate.reached()
  let isIdle = false
  const idle = kernel.idle().then(() => {
    isIdle = true
  })
  await new Promise(setImmediate)
  expect(isIdle).toBe(false)
  gate.open()
  await Promise.all([saving, idle])
})

test('what the plugin that holds it throws has a code', async () => {
  const fail = async () => Promise.reject(new Error('boom'))
  const { kernel } = testKernel({ plugins: [only({ open: fail, save: fail, delete: fail })] })
  const source = kernel.source('kim.jpg')
  const cause = new Error('boom')
  await expect(source.bytes()).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE', cause })
  await expect(source.save(original)).rejects.toMatchObject({ code: 'SOURCE_UNWRITABLE', cause })
  await expect(source.delete()).rejects.toMatchObject({ code: 'SOURCE_UNWRITABLE', cause })
})

test('a name that no storage knows is refused for what it is', async () => {
  const { kernel } = testKernel({ plugins: [memoryStorage()] })
  await expect(kernel.source('../kim.jpg').save(original)).rejects.toMatchObject({ code: 'INVALID_KEY' })
})
