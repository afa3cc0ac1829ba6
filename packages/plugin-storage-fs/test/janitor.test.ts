import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createFsStorage } from '../src/index.ts'
import { removeOldTemporaryFiles } from '../src/janitor.ts'
import { RootFolder } from '../src/root-folder.ts'
import { temporaryName } from '../src/temporary-name.ts'
import { temporaryFolder } from './temporary-folder.ts'

const minute = 60_000
const now = Date.now()

async function leave(path: string, age: number): Promise<void> {
  await writeFile(path, 'half')
  await utimes(path, new Date(now - age), new Date(now - age))
}

test('removes temporary files of more than an hour ago, at any depth, and nothing else', async () => {
  const root = await temporaryFolder()
  await mkdir(join(root, 'a/b'), { recursive: true })
  await leave(join(root, temporaryName()), 61 * minute)
  await leave(join(root, 'a/b', temporaryName()), 61 * minute)
  const recent = temporaryName()
  await leave(join(root, 'a', recent), 59 * minute)
  await leave(join(root, 'a/old.webp'), 10_000 * minute)
  await leave(join(root, 'a/.latent-image-backup.tmp'), 10_000 * minute)

  await removeOldTemporaryFiles(new RootFolder(root), now)

  expect(await readdir(root)).toEqual(['a'])
  expect(await readdir(join(root, 'a/b'))).toEqual([])
  expect((await readdir(join(root, 'a'))).sort()).toEqual(['.latent-image-backup.tmp', recent, 'b', 'old.webp'].sort())
})

test('begins with the first write', async () => {
  const root = await temporaryFolder()
  await leave(join(root, temporaryName()), 61 * minute)
  const storage = createFsStorage({ root })
  await storage.write('a.webp', new Uint8Array([1]), { type: 'image/webp' })
  await vi.waitFor(async () => expect(await readdir(root)).toEqual(['a.webp']))
})

test('stops when its signal is aborted', async () => {
  const root = await temporaryFolder()
  await leave(join(root, temporaryName()), 61 * minute)
  await leave(join(root, temporaryName()), 61 * minute)
  await removeOldTemporaryFiles(new RootFolder(root), now, AbortSignal.abort())
  expect(await readdir(root)).toHaveLength(1)
})

test('does not mind a root that is gone', async () => {
  const root = join(await temporaryFolder(), 'gone')
  await expect(removeOldTemporaryFiles(new RootFolder(root), now)).resolves.toBeUndefined()
})
