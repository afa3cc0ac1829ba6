import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createKernel, type Generator } from '@latent-image/kernel'
import { expect, onTestFinished, test } from 'vitest'
import fsStorageByDefault, { type FsStorageOptions, fsStorage } from '../src/index.ts'
import { temporaryName } from '../src/temporary-name.ts'
import { temporaryFolder } from './temporary-folder.ts'

const info = { type: 'image/webp' }
const bytes = (text: string) => new TextEncoder().encode(text)
const generator: Generator = {
  id: 'a',
  definition: { source: 'none', fingerprint: 1, generate: () => Promise.reject(new Error('is not asked')) },
}

/** The hooks of a kernel with this plugin, and the folder that its paths are relative to. */
async function apply(options?: FsStorageOptions) {
  const directory = await temporaryFolder()
  const kernel = createKernel({ plugins: [fsStorage(options)] }, { directory })
  onTestFinished(() => kernel.close())
  const storage = kernel.hooks.storage.call(generator)
  if (!storage) throw new Error('There is no storage.')
  const findSource = (name: string, create = false) => kernel.hooks.source.promise(name, { create })
  return { directory, kernel, storage, findSource }
}

test('keeps files in `media` and addresses them below `/media/` by default', async () => {
  const { directory, storage } = await apply()
  await storage.write('a/b.webp', bytes('a'), info)
  expect(await readFile(join(directory, 'media/a/b.webp'), 'utf8')).toBe('a')
  expect(storage.path?.('a/b.webp')).toBe(join(directory, 'media/a/b.webp'))
  expect(await storage.url('a/b.webp')).toBe('/media/a/b.webp')
})

test('takes another root and base URL', async () => {
  const { directory, storage } = await apply({ root: 'public/images', baseUrl: 'https://cdn.example.org' })
  await storage.write('a.webp', bytes('a'), info)
  expect(await readdir(join(directory, 'public/images'))).toEqual(['a.webp'])
  expect(await storage.url('a.webp')).toBe('https://cdn.example.org/a.webp')
})

test('finds originals by name in the root', async () => {
  const { directory, findSource } = await apply()
  await mkdir(join(directory, 'media/avatars'), { recursive: true })
  await writeFile(join(directory, 'media/avatars/kim.jpg'), 'kim')
  const source = await findSource('avatars/kim.jpg')
  expect(source?.name).toBe('avatars/kim.jpg')
  expect(await source?.open()).toEqual(bytes('kim'))
})

test('finds originals in a root of their own', async () => {
  const { directory, findSource, storage } = await apply({ sources: 'originals' })
  await storage.write('kim.jpg', bytes('derivative'), info)
  expect(await findSource('kim.jpg')).toBeUndefined()
  const source = await findSource('kim.jpg', true)
  await source?.save?.(bytes('kim'))
  expect(await readFile(join(directory, 'originals/kim.jpg'), 'utf8')).toBe('kim')
  expect(await (await findSource('kim.jpg'))?.open()).toEqual(bytes('kim'))
})

test('saves and deletes originals', async () => {
  const { directory, findSource } = await apply()
  const source = await findSource('avatars/kim.jpg', true)
  await source?.save?.(bytes('kim'))
  expect(await readdir(join(directory, 'media'), { recursive: true })).toEqual(['avatars', 'avatars/kim.jpg'])
  await source?.delete?.()
  await source?.delete?.()
  await expect(source?.open()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  expect(await findSource('avatars/kim.jpg')).toBeUndefined()
})

test('leaves names that cannot be its own to others', async () => {
  const { findSource } = await apply()
  for (const name of ['absent.jpg', '../a.jpg', '/etc/passwd', 'https://example.org/a.jpg', '', temporaryName()]) {
    expect(await findSource(name), name).toBeUndefined()
  }
  for (const name of ['../a.jpg', '/a.jpg', '', temporaryName()]) {
    expect(await findSource(name, true), name).toBeUndefined()
  }
})

test('a source is not looked up through a link that leads outside', async () => {
  const { directory, findSource } = await apply()
  await writeFile(join(directory, 'secret.jpg'), 'secret')
  await mkdir(join(directory, 'media'))
  await symlink(directory, join(directory, 'media/link'))
  await expect(findSource('link/secret.jpg')).rejects.toMatchObject({ code: 'OUTSIDE_ROOT' })
})

test('makes a storage for each kernel', async () => {
  const plugin = fsStorage()
  const kernels = [await temporaryFolder(), await temporaryFolder()].map((directory) =>
    createKernel({ plugins: [plugin] }, { directory }),
  )
  const paths = kernels.map((kernel) => kernel.hooks.storage.call(generator)?.path?.('a'))
  expect(new Set(paths).size).toBe(2)
  await Promise.all(kernels.map((kernel) => kernel.close()))
})

test.each([
  [{ rot: 'media' }, 'rot'],
  [{ root: '' }, 'root'],
  [{ root: 1 }, 'root'],
  [{ sources: false }, 'sources'],
  [{ baseUrl: '/media?key=' }, 'baseUrl'],
  [{ baseUrl: '/me dia/' }, 'baseUrl'],
  ['media', 'media'],
])('refuses options such as %j at once', (options, place) => {
  expect(() => fsStorage(options as FsStorageOptions)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining(place) }),
  )
})

test('is the default export too', () => {
  expect(fsStorageByDefault).toBe(fsStorage)
})
