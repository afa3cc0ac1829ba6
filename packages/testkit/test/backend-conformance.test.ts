import { setTimeout } from 'node:timers/promises'
import type { GenerateOrder, ImageCacheFile, Kernel, Plugin } from '@latent-image/kernel'
import { describe, test } from 'vitest'
import { backendConformance, type CreateDriver } from '../src/index.ts'
import { type BrokenDrivers, testSuite } from './reject-broken-drivers.ts'

type Generate = (file: ImageCacheFile, order: GenerateOrder, kernel: Kernel) => Promise<'generated' | 'scheduled'>

/** A backend that is made anew, with whatever it keeps, for each case. */
function backend(create: () => Generate): CreateDriver<Plugin> {
  return () => {
    const generate = create()
    return {
      name: 'backend',
      apply({ hooks, kernel }) {
        hooks.generate.tapPromise('backend', (file, order) => generate(file, order, kernel))
      },
    }
  }
}

const immediate = backend(() => async (file, order, kernel) => {
  await kernel.produce(file, order)
  return 'generated'
})

const later = backend(() => async (file, order, kernel) => {
  const work = async () => {
    await new Promise(setImmediate)
    await kernel.produce(file, order).catch(() => undefined)
  }
  void kernel.track(work())
  return 'scheduled'
})

const lost = backend(() => async () => 'scheduled')

/** Works on three files at a time, and keeps the place of one that fails. */
const leaking = backend(() => {
  let free = 3
  return async (file, order, kernel) => {
    for (let waited = 0; free === 0 && waited < 1_000; waited += 5) await setTimeout(5)
    free -= 1
    await kernel.produce(file, order)
    free += 1
    return 'generated'
  }
})

const brokenBackends: BrokenDrivers<Plugin> = {
  'makes a file that has to be made': [
    lost,
    backend(() => async () => 'generated'),
    backend(() => async () => undefined as unknown as 'generated'),
    backend(() => async (file, order, kernel) => {
      await kernel.produce(file, { ...order, token: 'another' })
      return 'scheduled'
    }),
    backend(() => async (_file, order, kernel) => {
      await kernel.produce(kernel.file('second', { source: 'originals/1.jpg' }), order)
      return 'scheduled'
    }),
  ],
  'answers `generated` only when the file is there': [
    backend(() => async (file, order, kernel) => {
      void kernel.produce(file, order)
      return 'generated'
    }),
  ],
  'makes every one of many files, once': [
    backend(() => async (file, order, kernel) => {
      await Promise.all([kernel.produce(file, order), kernel.produce(file, order)])
      return 'generated'
    }),
    backend(() => {
      let waiting = 0
      return async (file, order, kernel) => {
        waiting += 1
        if (waiting > 40) return 'scheduled'
        await kernel.produce(file, order)
        waiting -= 1
        return 'generated'
      }
    }),
  ],
  'tells why a source can never become a file': [
    backend(() => async (file, order, kernel) => {
      await kernel.produce(file, order).catch(() => Promise.reject(new Error('The backend failed.')))
      return 'generated'
    }),
    lost,
  ],
  'goes on after sources that can never become files': [leaking],
  'a fault of the machine passes': [
    leaking,
    backend(() => {
      const failed = new Map<string | null, unknown>()
      return async (file, order, kernel) => {
        if (failed.has(file.name)) throw failed.get(file.name)
        await kernel.produce(file, order).catch((error) => {
          failed.set(file.name, error)
          throw error
        })
        return 'generated'
      }
    }),
  ],
  'does no harm with work that was taken away': [
    backend(() => {
      const orders = new Map<string | null, GenerateOrder>()
      return async (file, order, kernel) => {
        const first = orders.get(file.name) ?? order
        orders.set(file.name, first)
        await kernel.produce(file, first)
        return 'generated'
      }
    }),
  ],
  'makes files whose sources are files': [
    backend(() => async (file, order, kernel) => {
      const { generator, source } = file.reference
      await kernel.produce(kernel.file(generator, { source: source?.name }), order)
      return 'generated'
    }),
  ],
  'idle() waits for what was scheduled, if it is made in this process': [
    backend(() => async (file, order, kernel) => {
      void setTimeout(20).then(() => kernel.produce(file, order).catch(() => undefined))
      return 'scheduled'
    }),
  ],
  'one plugin object serves several kernels, each until it is closed': [
    () => {
      let isOpen = true
      return {
        name: 'backend',
        apply({ hooks, kernel }) {
          hooks.generate.tapPromise('backend', async (file, order) => {
            if (!isOpen) return 'scheduled'
            await kernel.produce(file, order)
            return 'generated'
          })
          return () => {
            isOpen = false
          }
        },
      }
    },
  ],
}

testSuite((create, patience) => backendConformance(create, { patience }), immediate, brokenBackends)

describe('a backend that makes files later', () => {
  for (const { name, run } of backendConformance(later)) test(`keeps: ${name}`, run)
})
