import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { encodeKey, type Storage } from '@latent-image/kernel'
import { atomicWrite } from './atomic-write.ts'
import { deleteFile } from './delete-file.ts'
import { meansAbsent, storageError } from './errors.ts'
import { assertFileKey, isFileKey } from './file-key.ts'
import { removeOldTemporaryFiles } from './janitor.ts'
import { openToRead } from './open-to-read.ts'
import { RootFolder } from './root-folder.ts'
import { walk } from './walk.ts'

export interface FsStorageSettings {
  /** Folder of the files; made when the first one is written. */
  readonly root: string
  /** What the addresses of files begin with. @default '/media/' */
  readonly baseUrl?: string
  /** Stops work in the background. */
  readonly signal?: AbortSignal
}

/** A storage whose files have paths. */
export type FsStorage = Storage & Required<Pick<Storage, 'path'>>

/** Makes a storage in a folder of the file system. */
export function createFsStorage({ root: folder, baseUrl = '/media/', signal }: FsStorageSettings): FsStorage {
  const root = new RootFolder(resolve(folder))
  const urlOfRoot = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`
  let swept = false

  return {
    write: (key, data) =>
      attempt('write', key, async () => {
        await atomicWrite(root, key, data)
        if (swept) return
        swept = true
        void removeOldTemporaryFiles(root, Date.now(), signal)
      }),

    read: (key) =>
      attempt('read', key, async () => {
        const file = await openToRead(root, key)
        try {
          const { buffer, byteOffset, byteLength } = await file.readFile()
          return new Uint8Array(buffer, byteOffset, byteLength)
        } finally {
          await file.close()
        }
      }),

    stream: (key) => attempt('read', key, async () => Readable.toWeb((await openToRead(root, key)).createReadStream())),

    stat: (key) =>
      attempt('stat', key, async () => {
        const found = await unlessAbsent(async () => stat(await root.locate(key)))
        return found?.isFile() ? { size: found.size, modifiedAt: found.mtime } : undefined
      }),

    delete: (key) => attempt('delete', key, () => unlessAbsent(() => deleteFile(root, key))),

    async *list(prefix = '') {
      try {
        for await (const key of walk(root, prefix)) if (isFileKey(key)) yield key
      } catch (error) {
        throw storageError('list', prefix, error)
      }
    },

    url: (key) => `${urlOfRoot}${encodeKey(assertFileKey(key))}`,
    path: (key) => root.pathOf(assertFileKey(key)),
  }
}

/** Does something with a file; what goes wrong becomes an error of the catalogue. */
async function attempt<Result>(operation: string, key: string, work: () => Promise<Result>): Promise<Result> {
  try {
    assertFileKey(key)
    return await work()
  } catch (error) {
    throw storageError(operation, key, error)
  }
}

async function unlessAbsent<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work()
  } catch (error) {
    if (meansAbsent(error)) return undefined
    throw error
  }
}
