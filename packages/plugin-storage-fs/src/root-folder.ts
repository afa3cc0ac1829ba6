import { type FileHandle, mkdir, open, readlink, realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { errors, systemCode } from './errors.ts'

/**
 * The folder that nothing may leave. Symbolic links below it may lead to places inside of it only; the folder itself may
 * be one.
 */
export class RootFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** Path of a key, whether or not there is such a file. */
  pathOf(key: string): string {
    return join(this.path, key)
  }

  /** The real path of a file or folder that exists. `''` is the root. */
  async locate(key: string): Promise<string> {
    const path = this.pathOf(key)
    const real = await realpath(path)
    await this.#assertInside(real, path)
    return real
  }

  /** The real path of a folder, which is made if need be: level by level, so that no link is followed unchecked. */
  async create(key: string): Promise<string> {
    try {
      return await this.locate(key)
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
    }
    await mkdir(this.path, { recursive: true })
    let below = ''
    for (const segment of key.split('/')) {
      below = join(below, segment)
      await mkdir(this.pathOf(below)).catch((error) => {
        if (systemCode(error) !== 'EEXIST') throw error
      })
      await this.locate(below)
    }
    return this.locate(key)
  }

  /**
   * Opens a file and then makes sure that what was opened lies inside: a check beforehand can be outrun by someone who
   * swaps a folder for a link.
   */
  async open(path: string, flags: string | number): Promise<FileHandle> {
    const file = await open(path, flags)
    try {
      // Linux tells where an open file is. Elsewhere its path is looked up again.
      const real = await readlink(`/proc/self/fd/${file.fd}`).catch(() => realpath(path))
      await this.#assertInside(real, path)
      return file
    } catch (error) {
      await file.close()
      throw error
    }
  }

  async #assertInside(real: string, path: string): Promise<void> {
    // Looked up each time: a deployment may point the root elsewhere while we run.
    const root = await realpath(this.path)
    const way = relative(root, real)
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) throw errors.OUTSIDE_ROOT({ path, root })
  }
}
