import { readdir, rmdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { atomicWrite } from '../src/atomic-write.ts'
import { RootFolder } from '../src/root-folder.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A root where somebody removes empty folders as soon as they are made, so many times. */
class SweptRoot extends RootFolder {
  #times: number

  constructor(path: string, times: number) {
    super(path)
    this.#times = times
  }

  override async create(key: string): Promise<string> {
    const folder = await super.create(key)
    if (key === 'folder' && this.#times-- > 0) await rmdir(folder)
    return folder
  }
}

test('makes a folder again that is removed in the middle of the write', async () => {
  const root = await temporaryFolder()
  await atomicWrite(new SweptRoot(root, 3), 'folder/file.webp', new Uint8Array([1]))
  expect(await readdir(root, { recursive: true })).toEqual(['folder', 'folder/file.webp'])
})

test('gives up where the folder is removed each time', async () => {
  const root = await temporaryFolder()
  const write = atomicWrite(new SweptRoot(root, 1_000), 'folder/file.webp', new Uint8Array([1]))
  await expect(write).rejects.toMatchObject({ code: 'ENOENT' })
  expect(await readdir(root)).toEqual([])
})
