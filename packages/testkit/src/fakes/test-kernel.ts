import { createKernel, type Kernel, type KernelConfig, type Plugin, type Storage } from '@latent-image/kernel'
import { createMemoryStorage } from '@latent-image/plugin-storage-memory'
import { type FakeCache, fakeCache } from './fake-cache.ts'
import { type FakeStorage, fakeStorage } from './fake-storage.ts'

export interface TestKernelOptions {
  /** Where files lie. @default a new `fakeStorage()` */
  readonly storage?: FakeStorage
  /** Where originals are found by name. @default a new storage in memory */
  readonly originals?: Storage
  /** @default a new `fakeCache()` with the same clock */
  readonly cache?: FakeCache
  /** Milliseconds since the epoch; see `manualClock`. @default Date.now */
  readonly now?: () => number
}

/** A kernel, and the fakes that it works with. */
export interface TestKernel {
  readonly kernel: Kernel
  readonly storage: FakeStorage
  readonly originals: Storage
  readonly cache: FakeCache
}

/**
 * Makes a kernel that needs nothing from outside: each role that no plugin of the config serves is played by a fake. Files
 * are generated at once, without a gate, when content or existence is required.
 */
export function testKernel(config: KernelConfig = {}, options: TestKernelOptions = {}): TestKernel {
  const { storage = fakeStorage(), originals = createMemoryStorage(), now = Date.now } = options
  const cache = options.cache ?? fakeCache({ now })
  const preset = [strategy, backend, storagePlugin(storage, originals), cachePlugin(cache)]
  return { kernel: createKernel(config, { preset, now }), storage, originals, cache }
}

const strategy: Plugin = {
  name: 'fake-strategy',
  apply({ hooks }) {
    hooks.contentRequired.tapPromise('fake-strategy', (file) => file.generate())
    hooks.existenceRequired.tapPromise('fake-strategy', (file) => file.generate())
  },
}

const backend: Plugin = {
  name: 'fake-backend',
  apply({ hooks, kernel }) {
    hooks.generate.tapPromise('fake-backend', async (file, order) => {
      await kernel.produce(file, order)
      return 'generated'
    })
  },
}

function storagePlugin(storage: Storage, originals: Storage): Plugin {
  return {
    name: 'fake-storage',
    apply({ hooks }) {
      hooks.storage.tap('fake-storage', () => storage)
      hooks.source.tapPromise('fake-storage', async (name, { create }) => {
        if (!create && !(await originals.stat(name))) return undefined
        return {
          name,
          open: () => originals.read(name),
          save: (data) => originals.write(name, data, { type: 'application/octet-stream' }),
          delete: () => originals.delete(name),
        }
      })
    },
  }
}

function cachePlugin(cache: FakeCache): Plugin {
  return { name: 'fake-cache', apply: ({ hooks }) => hooks.cache.tap('fake-cache', () => cache) }
}
