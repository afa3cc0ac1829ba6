import { type FileHandle, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { errors, systemCode } from './errors.ts'
import type { RootFolder } from './root-folder.ts'
import { temporaryName } from './temporary-name.ts'

const attempts = 10

// As on S3. The system's own limit is met only after hundreds of folders were made.
const longestKey = 1024

/**
 * Puts bytes under a key so that they appear whole or not at all: a temporary file beside the final one (the same file
 * system, the same inherited permissions), flushed, then renamed.
 *
 * Flushing doubles the cost (0.3 ms become 0.6): without it a power cut may leave an empty file under the final name.
 */
export async function atomicWrite(root: RootFolder, key: string, data: Uint8Array): Promise<void> {
  if (Buffer.byteLength(key) > longestKey)
    throw errors.NAME_TOO_LONG({ operation: 'write', key, system: 'ENAMETOOLONG' })
  for (let attempt = 1; ; attempt++) {
    try {
      const folder = await root.create(dirname(key))
      return await writeInto(root, join(folder, basename(key)), data)
    } catch (error) {
      // Someone who deleted the last file of the folder removes the folder too, perhaps just now.
      if (systemCode(error) !== 'ENOENT' || attempt === attempts) throw error
    }
  }
}

async function writeInto(root: RootFolder, path: string, data: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), temporaryName())
  try {
    await writeFlushed(await root.open(temporary, 'wx'), data)
    // Had the folder been swapped for a link by now, the temporary name would not be found there.
    await rename(temporary, path)
  } catch (error) {
    // Best effort: what failed matters more than what is left, and the janitor comes by.
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
}

async function writeFlushed(file: FileHandle, data: Uint8Array): Promise<void> {
  try {
    await file.writeFile(data)
    await file.sync()
  } finally {
    await file.close()
  }
}
