import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFsStorage } from '../src/index.ts'
import { temporaryName } from '../src/temporary-name.ts'
import { temporaryFolder } from './temporary-folder.ts'

const info = { type: 'image/webp' }
const one = new Uint8Array([1])

test('begins addresses with the base URL, whether or not it ends with a slash', () => {
  for (const [baseUrl, url] of [
    ['/media/', '/media/a%20b/c.webp'],
    ['/media', '/media/a%20b/c.webp'],
    ['/', '/a%20b/c.webp'],
    ['', '/a%20b/c.webp'],
    ['https://cdn.example.org/m', 'https://cdn.example.org/m/a%20b/c.webp'],
    ['//cdn.example.org/', '//cdn.example.org/a%20b/c.webp'],
  ] as const) {
    expect(createFsStorage({ root: 'media', baseUrl }).url('a b/c.webp')).toBe(url)
  }
})

test('tells absolute paths', () => {
  expect(createFsStorage({ root: 'media' }).path('a b/c.webp')).toBe(join(process.cwd(), 'media/a b/c.webp'))
})

test('makes nothing before the first write, not even the root', async () => {
  const folder = await temporaryFolder()
  const storage = createFsStorage({ root: join(folder, 'a/b') })
  expect(await storage.stat('file.webp')).toBeUndefined()
  for await (const key of storage.list()) throw new Error(key)
  await storage.delete('file.webp')
  expect(await readdir(folder)).toEqual([])
  await storage.write('file.webp', one, info)
  expect(await readFile(join(folder, 'a/b/file.webp'))).toEqual(Buffer.from(one))
})

test('removes the folders that a deletion leaves empty, but never the root', async () => {
  const root = await temporaryFolder()
  const storage = createFsStorage({ root })
  await storage.write('a/b/c/file.webp', one, info)
  await storage.write('a/other.webp', one, info)
  await storage.delete('a/b/c/file.webp')
  expect(await readdir(root, { recursive: true })).toEqual(['a', 'a/other.webp'])
  await storage.delete('a/other.webp')
  expect(await readdir(root)).toEqual([])
})

test('neither shows nor takes names of temporary files', async () => {
  const root = await temporaryFolder()
  const storage = createFsStorage({ root })
  const key = `folder/${temporaryName()}`
  await mkdir(join(root, 'folder'))
  await writeFile(join(root, key), 'half')
  for await (const found of storage.list()) throw new Error(found)
  for (const refused of [storage.write(key, one, info), storage.read(key), storage.stat(key), storage.delete(key)]) {
    await expect(refused).rejects.toMatchObject({ code: 'RESERVED_NAME', fault: 'caller' })
  }
  expect(() => storage.url(key)).toThrow(expect.objectContaining({ code: 'RESERVED_NAME' }))
})

test('lists no file that no key can name', async () => {
  const root = await temporaryFolder()
  const storage = createFsStorage({ root })
  await writeFile(join(root, 'line\nbreak.webp'), 'a')
  await writeFile(join(root, 'back\\slash.webp'), 'a')
  await storage.write('a.webp', one, info)
  const found: string[] = []
  for await (const key of storage.list()) found.push(key)
  expect(found).toEqual(['a.webp'])
})

test('a folder in place of a file, and a file in place of a folder, are faults of the machine', async () => {
  const root = await temporaryFolder()
  const storage = createFsStorage({ root })
  await storage.write('a/b', one, info)
  for (const [key, cause] of [
    ['a', 'EISDIR'],
    ['a/b/c', 'ENOTDIR'],
  ] as const) {
    await expect(storage.write(key, one, info)).rejects.toMatchObject({
      code: 'FILE_SYSTEM_FAILED',
      fault: 'machine',
      cause: { code: cause },
    })
  }
  expect(await readdir(root, { recursive: true })).toEqual(['a', 'a/b'])
})
