import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, expect, test } from 'vitest'
import { createFsStorage, type FsStorage } from '../src/index.ts'
import { temporaryFolder } from './temporary-folder.ts'

const info = { type: 'image/webp' }
const bytes = (text: string) => new TextEncoder().encode(text)

let root: string
let outside: string
let storage: FsStorage

beforeEach(async () => {
  const folder = await temporaryFolder()
  root = join(folder, 'media')
  outside = join(folder, 'outside')
  await mkdir(root)
  await mkdir(join(outside, 'below'), { recursive: true })
  await writeFile(join(outside, 'secret.webp'), 'secret')
  storage = createFsStorage({ root })
})

async function all(iterable: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = []
  for await (const key of iterable) found.push(key)
  return found.sort()
}

test('does not read through a link to a folder outside', async () => {
  await symlink(outside, join(root, 'link'))
  await expect(storage.read('link/secret.webp')).rejects.toMatchObject({ code: 'OUTSIDE_ROOT' })
  await expect(storage.stream('link/secret.webp')).rejects.toMatchObject({ code: 'OUTSIDE_ROOT' })
  await expect(storage.stat('link/secret.webp')).rejects.toMatchObject({ code: 'OUTSIDE_ROOT' })
})

test('does not read through a link to a file outside', async () => {
  await symlink(join(outside, 'secret.webp'), join(root, 'link.webp'))
  await expect(storage.read('link.webp')).rejects.toMatchObject({ code: 'OUTSIDE_ROOT' })
  await expect(storage.stat('link.webp')).rejects.toMatchObject({ code: 'OUTSIDE_ROOT' })
})

test('does not write through a link to a folder outside, nor make folders there', async () => {
  await symlink(outside, join(root, 'link'))
  for (const key of ['link/new.webp', 'link/new/new.webp', 'link/below/new.webp', 'link/secret.webp']) {
    await expect(storage.write(key, bytes('new'), info)).rejects.toMatchObject({ code: 'OUTSIDE_ROOT' })
  }
  expect((await readdir(outside)).sort()).toEqual(['below', 'secret.webp'])
  expect(await readdir(join(outside, 'below'))).toEqual([])
  expect(await readFile(join(outside, 'secret.webp'), 'utf8')).toBe('secret')
})

test('does not write through a link that leads nowhere yet', async () => {
  await symlink(join(outside, 'not-yet'), join(root, 'link'))
  await expect(storage.write('link/new.webp', bytes('new'), info)).rejects.toMatchObject({ fault: 'machine' })
  expect((await readdir(outside)).sort()).toEqual(['below', 'secret.webp'])
})

test('replaces a link in place of a file, not what it leads to', async () => {
  await symlink(join(outside, 'secret.webp'), join(root, 'link.webp'))
  await storage.write('link.webp', bytes('new'), info)
  expect(await storage.read('link.webp')).toEqual(bytes('new'))
  expect(await readFile(join(outside, 'secret.webp'), 'utf8')).toBe('secret')
})

test('does not delete through a link to a folder outside', async () => {
  await symlink(outside, join(root, 'link'))
  await expect(storage.delete('link/secret.webp')).rejects.toMatchObject({ code: 'OUTSIDE_ROOT' })
  expect(await readFile(join(outside, 'secret.webp'), 'utf8')).toBe('secret')
})

test('deletes a link, not what it leads to', async () => {
  await symlink(join(outside, 'secret.webp'), join(root, 'link.webp'))
  await storage.delete('link.webp')
  expect(await readdir(root)).toEqual([])
  expect(await readFile(join(outside, 'secret.webp'), 'utf8')).toBe('secret')
})

test('lists no links that lead outside', async () => {
  await symlink(outside, join(root, 'link'))
  await symlink(join(outside, 'secret.webp'), join(root, 'link.webp'))
  await symlink('nowhere', join(root, 'dangling.webp'))
  await storage.write('a.webp', bytes('a'), info)
  expect(await all(storage.list())).toEqual(['a.webp'])
  await expect(all(storage.list('link/'))).rejects.toMatchObject({ code: 'OUTSIDE_ROOT' })
})

test('follows links that stay inside', async () => {
  await storage.write('real/a.webp', bytes('a'), info)
  await symlink(join(root, 'real'), join(root, 'folder'))
  await symlink('real/a.webp', join(root, 'file.webp'))
  await storage.write('folder/b.webp', bytes('b'), info)
  expect(await storage.read('real/b.webp')).toEqual(bytes('b'))
  expect(await storage.read('folder/a.webp')).toEqual(bytes('a'))
  expect(await storage.read('file.webp')).toEqual(bytes('a'))
  expect(await all(storage.list())).toEqual(['file.webp', 'real/a.webp', 'real/b.webp'])
  expect(await all(storage.list('folder/'))).toEqual(['folder/a.webp', 'folder/b.webp'])
})

test('is not led in circles', async () => {
  await storage.write('a/a.webp', bytes('a'), info)
  await symlink('..', join(root, 'a', 'up'))
  await symlink('itself', join(root, 'itself'))
  expect(await all(storage.list())).toEqual(['a/a.webp'])
  await expect(storage.read('itself')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  expect(await storage.stat('itself')).toBeUndefined()
})

test('takes a link as its root, and follows it when it is pointed elsewhere', async () => {
  const current = join(root, '..', 'current')
  await mkdir(join(outside, 'releases'))
  await symlink(root, current)
  const linked = createFsStorage({ root: current })
  await linked.write('a/a.webp', bytes('old'), info)
  expect(await storage.read('a/a.webp')).toEqual(bytes('old'))

  await unlink(current)
  await symlink(join(outside, 'releases'), current)
  await expect(linked.read('a/a.webp')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  await linked.write('a/a.webp', bytes('new'), info)
  expect(await readFile(join(outside, 'releases/a/a.webp'), 'utf8')).toBe('new')
})

test('reads nothing outside while a folder is swapped for a link and back', async () => {
  await writeFile(join(outside, 'file.webp'), 'secret')
  await storage.write('folder/file.webp', bytes('public'), info)
  await symlink(outside, join(root, 'link'))
  const swap = async () => {
    await rename(join(root, 'folder'), join(root, 'aside'))
    await rename(join(root, 'link'), join(root, 'folder'))
    await rename(join(root, 'folder'), join(root, 'link'))
    await rename(join(root, 'aside'), join(root, 'folder'))
  }
  const outcomes = await whileRepeating(swap, 300, () => storage.read('folder/file.webp'))
  for (const outcome of outcomes) expect(['public', 'OUTSIDE_ROOT', 'FILE_NOT_FOUND']).toContain(outcome)
})

test('writes nothing outside while a folder is swapped for a link and back', async () => {
  const folder = join(root, 'folder')
  const swap = async () => {
    // A write may be making the folder, or a file in it, just now.
    await rm(folder, { recursive: true, force: true, maxRetries: 100, retryDelay: 1 })
    await symlink(outside, folder).catch(() => undefined)
    await unlink(folder).catch(() => undefined)
    await mkdir(folder, { recursive: true })
  }
  const outcomes = await whileRepeating(swap, 150, async () => {
    await storage.write('folder/new.webp', bytes('new'), info)
    return bytes('written')
  })
  for (const outcome of outcomes) expect(['written', 'OUTSIDE_ROOT', 'FILE_SYSTEM_FAILED']).toContain(outcome)
  expect((await readdir(outside)).sort()).toEqual(['below', 'secret.webp'])
})

/** What comes of so many calls, as texts and codes, while something else is done over and over. */
async function whileRepeating(work: () => Promise<void>, calls: number, call: () => Promise<Uint8Array>) {
  let isRunning = true
  const repeating = (async () => {
    while (isRunning) await work()
  })()
  const outcomes = new Set<string>()
  for (let number = 0; number < calls; number++) {
    outcomes.add(
      await call().then(
        (data) => new TextDecoder().decode(data),
        ({ code }) => code,
      ),
    )
  }
  isRunning = false
  await repeating
  return outcomes
}

test.skipIf(process.platform === 'win32')('does not wait for the writer of a named pipe', async () => {
  await promisify(execFile)('mkfifo', [join(root, 'pipe')])
  await expect(storage.read('pipe')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  expect(await storage.stat('pipe')).toBeUndefined()
  expect(await all(storage.list())).toEqual([])
})
