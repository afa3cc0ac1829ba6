import { checkOptions, type Plugin } from '@latent-image/kernel'
import * as v from 'valibot'
import { createFsStorage } from './create-fs-storage.ts'
import { findSource } from './find-source.ts'

export interface FsStorageOptions {
  /** Folder of the files, relative to the config file. @default 'media' */
  readonly root?: string
  /** What the addresses of files begin with: a path or a whole URL. @default '/media/' */
  readonly baseUrl?: string
  /** Folder of the originals, relative to the config file. @default `root` */
  readonly sources?: string
}

const folder = v.pipe(v.string(), v.nonEmpty('Expected a folder but received ""'))
const address = v.pipe(
  v.string(),
  v.regex(/^[^?#\s]*$/, ({ received }) => `Expected an address without ?, # and blanks but received ${received}`),
)
const schema = v.strictObject({
  root: v.optional(folder, 'media'),
  baseUrl: v.optional(address, '/media/'),
  sources: v.optional(folder),
})

/** Keeps files, and finds originals by name, in folders of the file system. */
export function fsStorage(options?: FsStorageOptions): Plugin {
  const name = 'storage-fs'
  const { root, baseUrl, sources = root } = checkOptions(name, schema, options)
  return {
    name,
    apply({ hooks, resolve }) {
      const closing = new AbortController()
      const { signal } = closing
      const files = createFsStorage({ root: resolve(root), baseUrl, signal })
      const originals = sources === root ? files : createFsStorage({ root: resolve(sources), signal })
      hooks.storage.tap(name, () => files)
      hooks.source.tapPromise(name, (source, query) => findSource(originals, source, query))
      return () => closing.abort()
    },
  }
}
