import { lstat, unlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import type { RootFolder } from './root-folder.ts'
import { isTemporaryName } from './temporary-name.ts'
import { walk } from './walk.ts'

const oneHour = 60 * 60 * 1000

/**
 * Removes the temporary files that processes which were killed left more than an hour ago.
 *
 * A millisecond's rest after every file keeps libuv's thread pool free and lets the process end meanwhile; a tree of a
 * million files takes half an hour. It never rejects: a file that cannot be removed is nobody's concern now.
 *
 * @param now - Milliseconds since the epoch.
 */
export async function removeOldTemporaryFiles(root: RootFolder, now: number, signal?: AbortSignal): Promise<void> {
  try {
    for await (const key of walk(root, '')) {
      if (isTemporaryName(basename(key))) await removeIfOld(root.pathOf(key), now)
      await rest(1, undefined, { ref: false, ...(signal && { signal }) })
    }
  } catch {
    // The next process tries again.
  }
}

async function removeIfOld(path: string, now: number): Promise<void> {
  try {
    if (now - (await lstat(path)).mtimeMs > oneHour) await unlink(path)
  } catch {
    // Its writer finished it just now.
  }
}
