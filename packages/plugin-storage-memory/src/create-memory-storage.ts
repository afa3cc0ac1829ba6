import { assertKey, encodeKey, errors, type Storage } from '@latent-image/kernel'

export interface MemoryStorageSettings {
  /** What the addresses of files begin with. @default '/media/' */
  readonly baseUrl?: string
}

interface StoredFile {
  readonly data: Uint8Array
  readonly modifiedAt: Date
}

/** Makes a storage that ends with the process. Bytes are copied in and out: nobody's buffer is shared. */
export function createMemoryStorage({ baseUrl = '/media/' }: MemoryStorageSettings = {}): Storage {
  const files = new Map<string, StoredFile>()
  const urlOfRoot = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`

  async function read(key: string): Promise<Uint8Array> {
    const file = files.get(assertKey(key))
    if (!file) throw errors.FILE_NOT_FOUND({ key })
    return Uint8Array.from(file.data)
  }

  return {
    async write(key, data) {
      files.set(assertKey(key), { data: Uint8Array.from(data), modifiedAt: new Date() })
    },
    read,
    async stream(key) {
      const data = await read(key)
      return new ReadableStream({
        start(controller) {
          if (data.length > 0) controller.enqueue(data)
          controller.close()
        },
      })
    },
    async stat(key) {
      const file = files.get(assertKey(key))
      return file && { size: file.data.length, modifiedAt: new Date(file.modifiedAt) }
    },
    async delete(key) {
      files.delete(assertKey(key))
    },
    async *list(prefix = '') {
      for (const key of [...files.keys()]) if (key.startsWith(prefix)) yield key
    },
    url: (key) => `${urlOfRoot}${encodeKey(assertKey(key))}`,
  }
}
