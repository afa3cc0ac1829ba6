import { encodeKey, errors, type Storage } from '@latent-image/kernel'
import { createMemoryStorage } from '@latent-image/plugin-storage-memory'
import { type CreateDriver, storageConformance } from '../src/index.ts'
import { type BrokenDrivers, testSuite } from './reject-broken-drivers.ts'

/** A storage with one mistake. */
function broken(mistake: (storage: Storage) => Partial<Storage>): CreateDriver<Storage> {
  return () => {
    const storage = createMemoryStorage()
    return { ...storage, ...mistake(storage) }
  }
}

/** A storage that takes keys for others. */
function confusing(nameOf: (key: string) => string): CreateDriver<Storage> {
  return broken((storage) => ({
    write: (key, data) => storage.write(nameOf(key), data, info),
    read: (key) => storage.read(nameOf(key)),
    stat: (key) => storage.stat(nameOf(key)),
  }))
}

/** A storage that forgets to check the keys of one method. */
function trusting(mistake: Partial<Storage>): CreateDriver<Storage> {
  return broken(() => mistake)
}

const info = { type: 'image/webp' }
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
const folderOf = (key: string) => key.slice(0, key.lastIndexOf('/') + 1)

async function streamOf(data: Uint8Array): Promise<ReadableStream<Uint8Array>> {
  return new Blob([Uint8Array.from(data)]).stream()
}

async function writeInPlace(storage: Storage, key: string, data: Uint8Array): Promise<void> {
  await storage.write(key, data.subarray(0, data.length / 2), info)
  await turn()
  await storage.write(key, data, info)
}

async function* filtered(storage: Storage, prefix: string | undefined, keep: (key: string) => boolean) {
  for await (const key of storage.list(prefix)) if (keep(key)) yield key
}

const listAlways = (listed: (storage: Storage, prefix: string) => AsyncIterable<string>) =>
  broken((storage) => ({ list: (prefix = '') => listed(storage, prefix) }))

const brokenStorages: BrokenDrivers<Storage> = {
  '`read` resolves to the whole content that was written': [
    broken((storage) => ({ read: async (key) => (await storage.read(key)).subarray(0, 65_536) })),
    broken((storage) => ({
      read: async (key) => new Uint8Array([...(await storage.read(key))].map((byte) => byte & 127)),
    })),
    broken((storage) => ({ read: async (key) => (await storage.read(key)).buffer as unknown as Uint8Array })),
  ],
  '`read` rejects with FILE_NOT_FOUND where there is no such file': [
    broken((storage) => ({ read: async (key) => ((await storage.stat(key)) ? storage.read(key) : new Uint8Array()) })),
    broken(() => ({ read: () => Promise.reject(Object.assign(new Error('absent'), { code: 'ENOENT' })) })),
  ],
  '`write` creates what lies above': [
    broken((storage) => ({ write: async (key, data) => (folderOf(key) ? undefined : storage.write(key, data, info)) })),
  ],
  '`write` replaces what was there': [
    broken((storage) => ({
      write: async (key, data) => ((await storage.stat(key)) ? undefined : storage.write(key, data, info)),
    })),
    broken((storage) => ({
      async write(key, data) {
        const before = (await storage.stat(key)) ? await storage.read(key) : new Uint8Array()
        await storage.write(key, Buffer.concat([data, before.subarray(data.length)]), info)
      },
    })),
  ],
  "`write` does not keep hold of the caller's buffer": [
    () => {
      const held = new Map<string, Uint8Array>()
      const storage = createMemoryStorage()
      return {
        ...storage,
        write: async (key, data) => void held.set(key, data),
        read: async (key) => held.get(key) ?? storage.read(key),
      }
    },
  ],
  "`read` hands out bytes that are the caller's own": [
    broken((storage) => {
      const held = new Map<string, Uint8Array>()
      return {
        async read(key) {
          const data = held.get(key) ?? (await storage.read(key))
          held.set(key, data)
          return data
        },
      }
    }),
  ],
  '`stream` gives the whole content as a web stream': [
    broken((storage) => ({ stream: async (key) => streamOf((await storage.read(key)).subarray(0, 65_536)) })),
    broken((storage) => ({
      stream: async (key) => [await storage.read(key)] as unknown as ReadableStream<Uint8Array>,
    })),
  ],
  '`stream` can be given up': [
    broken((storage) => ({
      async stream(key) {
        const data = await storage.read(key)
        return new ReadableStream({
          pull: (controller) => controller.enqueue(data),
          cancel: () => Promise.reject(new Error('still reading')),
        })
      },
    })),
  ],
  '`stream` rejects with FILE_NOT_FOUND before the first byte is asked for': [
    broken((storage) => ({
      stream: async (key) =>
        new ReadableStream({
          async pull(controller) {
            controller.enqueue(await storage.read(key))
            controller.close()
          },
        }),
    })),
  ],
  '`stat` tells size and time of the last change': [
    broken((storage) => ({ stat: async (key) => (await storage.stat(key)) && { size: 0, modifiedAt: new Date() } })),
    broken(() => ({ stat: async () => ({ size: 10, modifiedAt: new Date() }) })),
    broken((storage) => ({
      stat: async (key) => ({ size: (await storage.read(key)).length, modifiedAt: new Date(0) }),
    })),
    broken((storage) => ({
      stat: async (key) => ({ size: (await storage.read(key)).length, modifiedAt: Date.now() as unknown as Date }),
    })),
  ],
  '`stat` resolves to undefined where there is no such file': [
    broken((storage) => ({ stat: async (key) => (await storage.stat(key)) ?? Promise.reject(new Error('absent')) })),
    broken((storage) => ({
      async stat(key) {
        for await (const _ of storage.list(`${key}/`)) return { size: 4096, modifiedAt: new Date() }
        return storage.stat(key)
      },
    })),
  ],
  '`delete` removes a file and no other': [
    broken(() => ({ delete: async () => undefined })),
    broken((storage) => ({
      async delete(key) {
        for await (const found of storage.list(key)) await storage.delete(found)
      },
    })),
    broken((storage) => ({
      async delete(key) {
        for await (const found of storage.list(folderOf(key))) await storage.delete(found)
      },
    })),
  ],
  '`delete` of an absent file is fine': [
    broken((storage) => ({
      async delete(key) {
        if (!(await storage.stat(key))) throw errors.FILE_NOT_FOUND({ key })
        await storage.delete(key)
      },
    })),
    broken((storage) => ({
      async delete(key) {
        for await (const found of storage.list(`${key}/`)) await storage.delete(found)
        await storage.delete(key)
      },
    })),
  ],
  '`write` after `delete` creates the file again': [
    broken((storage) => {
      const deleted = new Set<string>()
      return {
        write: async (key, data) => (deleted.has(key) ? undefined : storage.write(key, data, info)),
        async delete(key) {
          deleted.add(key)
          await storage.delete(key)
        },
      }
    }),
  ],
  '`write` refuses a key that could leave the root, with INVALID_KEY': [trusting({ write: async () => undefined })],
  '`read` refuses a key that could leave the root, with INVALID_KEY': [
    trusting({ read: (key) => Promise.reject(errors.FILE_NOT_FOUND({ key })) }),
  ],
  '`stream` refuses a key that could leave the root, with INVALID_KEY': [
    trusting({ stream: (key) => Promise.reject(errors.FILE_NOT_FOUND({ key })) }),
  ],
  '`stat` refuses a key that could leave the root, with INVALID_KEY': [trusting({ stat: async () => undefined })],
  '`delete` refuses a key that could leave the root, with INVALID_KEY': [trusting({ delete: async () => undefined })],
  '`url` refuses a key that could leave the root, with INVALID_KEY': [trusting({ url: (key) => `/media/${key}` })],
  'unusual keys are neither lost nor taken for each other': [
    confusing((key) => decodeURIComponent(key)),
    confusing((key) => key.replaceAll('+', ' ')),
    confusing((key) => key.replaceAll('#', '').replaceAll('/.', '/')),
    broken((storage) => ({ list: (prefix) => filtered(storage, prefix, (key) => !key.startsWith('.')) })),
  ],
  '`url` is percent-encoded per segment': [
    broken(() => ({ url: (key) => `/media/${key}` })),
    broken(() => ({ url: (key) => `/media/${encodeURI(key)}` })),
    broken(() => ({ url: (key) => `/media/${encodeURIComponent(key)}` })),
    broken(() => ({ url: async (key) => `https://example.org/?key=${encodeKey(key)}` })),
  ],
  '`url` does not check that there is such a file': [
    broken((storage) => ({
      async url(key) {
        if (!(await storage.stat(key))) throw errors.FILE_NOT_FOUND({ key })
        return storage.url(key)
      },
    })),
    broken((storage) => ({
      url: async (key) => ((await storage.stat(key)) ? storage.url(key) : '/media/placeholder.webp'),
    })),
  ],
  '`path`, if there is one, is the absolute path of the file': [
    broken(() => ({ path: (key) => `media/${key}` })),
    broken(() => ({ path: (key) => `/nowhere/${key}` })),
  ],
  '`path`, if there is one, refuses a key that could leave the root, with INVALID_KEY': [
    broken(() => ({ path: (key) => `/media/${key}` })),
  ],
  '`list` yields nothing where nothing was written': [
    listAlways(async function* () {
      yield '.keep'
    }),
    listAlways(async function* (storage, prefix) {
      yield* storage.list(prefix)
      throw errors.FILE_NOT_FOUND({ key: prefix })
    }),
  ],
  '`list` without a prefix yields every key once': [
    listAlways(async function* (storage, prefix) {
      yield* storage.list(prefix)
      yield* storage.list(`${prefix}b/`)
    }),
    listAlways((storage, prefix) => filtered(storage, prefix, (key) => !key.includes('/'))),
  ],
  '`list` of a folder yields what is in it, at any depth': [
    listAlways((storage, prefix) => filtered(storage, prefix, (key) => !key.slice(prefix.length).includes('/'))),
    listAlways((storage) => storage.list()),
    listAlways(async function* (storage, prefix) {
      for await (const key of storage.list(prefix)) yield key.slice(prefix.length)
    }),
  ],
  '`list` takes its prefix as a string, not as a folder': [
    listAlways((storage, prefix) => storage.list(prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`)),
  ],
  '`list` yields nothing for a prefix that no key has': [
    listAlways((storage, prefix) => storage.list(prefix.replaceAll('/', ''))),
    listAlways((storage, prefix) => storage.list(prefix.toLowerCase())),
    listAlways((storage, prefix) => storage.list(prefix.replace('*', ''))),
    listAlways(async function* (storage, prefix) {
      if (prefix.startsWith('/') || prefix.startsWith('..')) throw errors.INVALID_KEY({ key: prefix })
      yield* storage.list(prefix)
    }),
  ],
  '`list` does not yield what was deleted': [
    broken((storage) => {
      const written = new Set<string>()
      return {
        async write(key, data) {
          written.add(key)
          await storage.write(key, data, info)
        },
        async *list(prefix = '') {
          for (const key of written) if (key.startsWith(prefix)) yield key
        },
      }
    }),
  ],
  '`list` yields every one of many keys': [
    listAlways(async function* (storage, prefix) {
      let left = 1000
      for await (const key of storage.list(prefix)) if (left-- > 0) yield key
    }),
  ],
  '`list` can be left early, and files deleted meanwhile': [
    listAlways(async function* (storage, prefix) {
      for await (const key of storage.list(prefix)) {
        if (!(await storage.stat(key))) throw errors.FILE_NOT_FOUND({ key })
        yield key
        if (!(await storage.stat(key))) throw errors.FILE_NOT_FOUND({ key })
      }
    }),
    listAlways(async function* (storage, prefix) {
      for await (const key of storage.list(prefix)) {
        yield key
        if (!(await storage.stat(key))) return
      }
    }),
  ],
  'a file that is replaced is seen with its old bytes or its new ones': [
    broken((storage) => ({ write: (key, data) => writeInPlace(storage, key, data) })),
    broken((storage) => ({
      async write(key, data) {
        if (await storage.stat(key)) await storage.write(key, new Uint8Array(data.length), info)
        await turn()
        await storage.write(key, data, info)
      },
    })),
    broken((storage) => ({
      async write(key, data) {
        await storage.delete(key)
        await turn()
        await storage.write(key, data, info)
      },
    })),
  ],
  'a new file is seen whole or not at all': [
    broken((storage) => ({ write: (key, data) => writeInPlace(storage, key, data) })),
    broken((storage) => ({
      async write(key, data) {
        await storage.write(key, new Uint8Array(data.length), info)
        await turn()
        await storage.write(key, data, info)
      },
    })),
  ],
  'of concurrent writes of one key one wins, whole': [
    broken((storage) => ({
      async write(key, data) {
        await storage.write(`${key}.1`, data.subarray(0, 100), info)
        await turn()
        const half = await storage.read(`${key}.1`)
        await storage.delete(`${key}.1`)
        await storage.write(key, Buffer.concat([half, data.subarray(100)]), info)
      },
    })),
    broken((storage) => {
      let count = 0
      return {
        async write(key, data) {
          count += 1
          await storage.write(`${key}.${count}`, data, info)
          await storage.write(key, data, info)
        },
      }
    }),
  ],
  'concurrent writes of many keys are all kept': [
    broken((storage) => {
      let latest: { key: string; data: Uint8Array } | undefined
      return {
        async write(key, data) {
          latest = { key, data }
          await turn()
          await storage.write(latest.key, latest.data, info)
        },
      }
    }),
  ],
  'writes and deletions in one folder do not disturb each other': [
    broken((storage) => ({
      async delete(key) {
        await storage.delete(key)
        for await (const found of storage.list(folderOf(key))) await storage.delete(found)
      },
    })),
    broken((storage) => {
      let deleting = 0
      return {
        async write(key, data) {
          await turn()
          if (deleting > 0) throw errors.FILE_NOT_FOUND({ key: folderOf(key) })
          await storage.write(key, data, info)
        },
        async delete(key) {
          deleting += 1
          await turn()
          await storage.delete(key)
          deleting -= 1
        },
      }
    }),
  ],
  '`list` shows no temporary files': [
    broken((storage) => ({
      async write(key, data) {
        await storage.write(`${key}.tmp`, data, info)
        await turn()
        await storage.delete(`${key}.tmp`)
        await storage.write(key, data, info)
      },
    })),
  ],
}

testSuite(storageConformance, () => createMemoryStorage(), brokenStorages)
