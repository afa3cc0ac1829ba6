import type { Dirent } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errors } from './errors.ts'
import type { Matcher } from './matcher.ts'

/** Entries that one call into libuv's thread pool brings, and so what is held of a folder of any length. */
const entriesAtOnce = 256

/**
 * Names of the files below a folder that a matcher means, relative and with `/`, in the order in which the file system
 * tells them. Nothing is collected but the folders still to be read; one of them is open at a time.
 *
 * A link to a file is a file; a link to a folder is not entered, so that no circle of links can be walked for ever.
 *
 * @throws DIRECTORY_UNREADABLE where a folder cannot be read; one that vanishes meanwhile is passed over.
 */
export async function* walk(directory: string, matcher: Matcher): AsyncGenerator<string> {
  const waiting = ['']
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for await (const entry of entriesOf(directory, folder)) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (matcher.mayContain(name)) waiting.push(name)
      } else if (matcher.matches(name) && (entry.isFile() || (await isLinkToFile(directory, name, entry)))) {
        yield name
      }
    }
  }
}

async function* entriesOf(directory: string, folder: string): AsyncGenerator<Dirent> {
  const path = join(directory, folder)
  try {
    yield* await opendir(path, { bufferSize: entriesAtOnce })
  } catch (error) {
    if (isMissing(error) && folder !== '') return
    throw errors.DIRECTORY_UNREADABLE({ directory: path }, error)
  }
}

async function isLinkToFile(directory: string, name: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return false
  try {
    return (await stat(join(directory, name))).isFile()
  } catch {
    // Told as a source, so that whoever opens it learns what is wrong with the link.
    return true
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
