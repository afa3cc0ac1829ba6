import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFsStorage } from '../src/index.ts'
import { temporaryName } from '../src/temporary-name.ts'
import { runLimited } from './programs/run-program.ts'
import { temporaryFolder } from './temporary-folder.ts'

test('a write that the disk has no room for leaves the old bytes, and nothing else', async () => {
  const root = await temporaryFolder()
  const storage = createFsStorage({ root })
  const old = new Uint8Array(5_000).fill(1)
  await storage.write('folder/file.webp', old, { type: 'image/webp' })

  const outcome = await runLimited('-f 64', 'write-too-much', root, '500000')

  expect(outcome).toEqual({ code: 'DISK_FULL', fault: 'machine', cause: 'EFBIG' })
  expect(await storage.read('folder/file.webp')).toEqual(old)
  expect(await readdir(join(root, 'folder'))).toEqual(['file.webp'])
})

test('a write that the disk has no room for leaves no file where there was none', async () => {
  const root = await temporaryFolder()
  expect(await runLimited('-f 64', 'write-too-much', root, '500000')).toMatchObject({ code: 'DISK_FULL' })
  expect(await readdir(root, { recursive: true })).toEqual(['folder'])
  expect(await runLimited('-f 64', 'write-too-much', root, '500')).toEqual({ code: 'written' })
})

test('too many open files are the machine’s fault, damage nothing and pass', async () => {
  const root = await temporaryFolder()
  const outcome = await runLimited('-n 40', 'open-too-many', root)
  const code = 'TOO_MANY_OPEN_FILES machine'
  expect(outcome).toEqual({ during: [code, code, code, code, code], after: Array(10).fill(1) })
  expect(await readdir(root, { recursive: true })).toEqual(['file.webp', 'new'])
})

test('a program ends when its work is done, whatever there is left to clean up', async () => {
  const root = await temporaryFolder()
  for (let left = 0; left < 1_000; left++) {
    const path = join(root, temporaryName())
    await writeFile(path, 'half')
    await utimes(path, 0, 0)
  }
  expect(await runLimited('-n 1024', 'write-too-much', root, '5')).toEqual({ code: 'written' })
  expect((await readdir(root)).length).toBeGreaterThan(2)
})
