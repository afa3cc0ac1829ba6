import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { errors } from '@latent-image/kernel'
import type { RootFolder } from './root-folder.ts'

// Opening a named pipe would otherwise wait for a writer, and hold one of libuv's four threads meanwhile.
const flags = constants.O_RDONLY | constants.O_NONBLOCK

/** Opens a regular file; whatever else has its name is not one of ours. */
export async function openToRead(root: RootFolder, key: string): Promise<FileHandle> {
  const file = await root.open(root.pathOf(key), flags)
  try {
    if (!(await file.stat()).isFile()) throw errors.FILE_NOT_FOUND({ key })
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}
