import type { SourceHandle, SourceQuery, Storage } from '@latent-image/kernel'
import { isFileKey } from './file-key.ts'

/** Finds an original by name, as the `source` hook asks for it; `undefined` means that it is not here. */
export async function findSource(
  storage: Storage,
  name: string,
  query: SourceQuery = { create: false },
): Promise<SourceHandle | undefined> {
  if (!isFileKey(name) || !(query.create || (await storage.stat(name)))) return undefined
  return {
    name,
    open: () => storage.read(name),
    save: (data) => storage.write(name, data, { type: 'application/octet-stream' }),
    delete: () => storage.delete(name),
  }
}
