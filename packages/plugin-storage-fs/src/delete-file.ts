import { rmdir, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { RootFolder } from './root-folder.ts'

/** Removes a file, and the folders above it that are empty now: every source has a folder of its own for its derivatives. */
export async function deleteFile(root: RootFolder, key: string): Promise<void> {
  await unlink(join(await root.locate(dirname(key)), basename(key)))
  try {
    for (let folder = dirname(key); folder !== '.'; folder = dirname(folder)) await rmdir(await root.locate(folder))
  } catch {
    // Not empty, or somebody was faster.
  }
}
