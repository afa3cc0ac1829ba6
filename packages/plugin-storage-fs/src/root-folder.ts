import { type FileHandle, mkdir, open, readlink, realpath, rm } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { errors, systemCode } from './errors.ts'

/**
 * The folder that nothing leaves. It may be a symbolic link itself; links below it must lead to places inside of it.
 *
 * Someone who may write below the root can still outrun the checks of `locate`, and make a deletion or a look at size and
 * time miss its folder. What `open` returns is inside for certain where Linux's `/proc` tells, and so no content is read
 * or written elsewhere.
 */
export class RootFolder {
  readonly path: string
  #realPath: string | undefined

  constructor(path: string) {
    this.path = path
  }

  /** Path of a key, whether or not there is such a file. */
  pathOf(key: string): string {
    return join(this.path, key)
  }

  /** Real path of a file or folder that exists; `.` is the root. */
  async locate(key: string): Promise<string> {
    const path = this.pathOf(key)
    const real = await realpath(path)
    await this.#assertInside(real, path)
    return real
  }

  /** Real path of a folder that is made if need be: level by level, so that no link is followed unchecked. */
  async create(key: string): Promise<string> {
    try {
      return await this.locate(key)
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
    }
    if (key === '.') await mkdir(this.path, { recursive: true })
    else await makeFolder(join(await this.create(dirname(key)), basename(key)))
    return this.locate(key)
  }

  /** Opens a file, then makes sure that what was opened is inside: a check beforehand could be outrun. */
  async open(path: string, flags: 'wx' | number): Promise<FileHandle> {
    const file = await open(path, flags)
    let real = path
    try {
      // Elsewhere than on Linux the path is looked up a second time, which is the best there is.
      real = await readlink(`/proc/self/fd/${file.fd}`).catch(() => realpath(path))
      await this.#assertInside(real, path)
      return file
    } catch (error) {
      await file.close()
      if (flags === 'wx') await rm(real, { force: true })
      throw error
    }
  }

  async #assertInside(real: string, path: string): Promise<void> {
    if (this.#realPath !== undefined && isInside(this.#realPath, real)) return
    // A deployment may have pointed the root elsewhere.
    this.#realPath = await realpath(this.path)
    if (!isInside(this.#realPath, real)) throw errors.OUTSIDE_ROOT({ path, root: this.path })
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
  }
}
