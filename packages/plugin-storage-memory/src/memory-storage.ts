import { checkOptions, type Plugin } from '@latent-image/kernel'
import * as v from 'valibot'
import { createMemoryStorage } from './create-memory-storage.ts'
import { findSource } from './find-source.ts'

export interface MemoryStorageOptions {
  /** What the addresses of files begin with: a path or a whole URL. @default '/media/' */
  readonly baseUrl?: string
}

const address = v.pipe(
  v.string(),
  v.regex(/^[^?#\s]*$/, ({ received }) => `Expected an address without ?, # and blanks but received ${received}`),
)
const schema = v.strictObject({ baseUrl: v.optional(address, '/media/') })

/** Keeps files and originals in memory, for tests and demos: each kernel begins with none. */
export function memoryStorage(options?: MemoryStorageOptions): Plugin {
  const name = 'storage-memory'
  const settings = checkOptions(name, schema, options)
  return {
    name,
    apply({ hooks }) {
      const storage = createMemoryStorage(settings)
      hooks.storage.tap(name, () => storage)
      hooks.source.tapPromise(name, (source, query) => findSource(storage, source, query))
    },
  }
}
