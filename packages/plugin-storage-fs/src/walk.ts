import type { Dirent } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { isKey } from '@latent-image/kernel'
import { meansAbsent } from './errors.ts'
import type { RootFolder } from './root-folder.ts'

// 32, the default, would mean a turn in libuv's thread pool for every 32 files of a flat folder.
const bufferSize = 512

/**
 * The keys of all files, temporary ones too, that begin with a string, as a stream. It starts in the deepest folder that
 * the string names. Links to folders are not followed, since they may lead in circles; what vanishes meanwhile is no error.
 */
export async function* walk(root: RootFolder, prefix: string): AsyncGenerator<string, void, undefined> {
  const folder = prefix.slice(0, Math.max(0, prefix.lastIndexOf('/')))
  if (folder === '' || isKey(folder)) yield* walkFolder(root, folder, prefix)
}

async function* walkFolder(root: RootFolder, folder: string, prefix: string): AsyncGenerator<string, void, undefined> {
  for await (const entry of await entriesOf(root, folder)) {
    const key = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (!key.startsWith(prefix)) continue
    if (entry.isDirectory()) yield* walkFolder(root, key, '')
    else if (entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(root, key)))) yield key
  }
}

async function entriesOf(root: RootFolder, folder: string): Promise<AsyncIterable<Dirent> | readonly Dirent[]> {
  try {
    return await opendir(await root.locate(folder), { bufferSize })
  } catch (error) {
    if (meansAbsent(error)) return []
    throw error
  }
}

async function leadsToFile(root: RootFolder, link: string): Promise<boolean> {
  try {
    return (await stat(await root.locate(link))).isFile()
  } catch {
    return false
  }
}
