import { createMemoryStorage } from '@latent-image/plugin-storage-memory'
import {
  createKernel,
  defineErrors,
  type GeneratorDefinition,
  type ImageCacheFile,
  type Kernel,
  type KernelConfig,
  type Plugin,
  type StateCache,
  type StateTimes,
  type Storage,
} from '../../src/index.ts'
import { FakeCache } from './fake-cache.ts'

export const faults = {
  ...defineErrors('source', { BROKEN: 'The source is broken.' }),
  ...defineErrors('machine', { NO_MEMORY: 'There is no memory left.' }),
}

type StorageCall = 'write' | 'read' | 'stat' | 'delete' | 'list'

/** One storage, one cache, one set of sources and one clock, which several kernels share as processes would. */
export class World {
  readonly stored = createMemoryStorage()
  readonly cache = new FakeCache()
  /** Pixels by name of the source. */
  readonly sources = new Map<string, string>([['kim.jpg', 'kim 1']])
  /** Storage calls since `forgetCalls`. */
  calls: StorageCall[] = []
  generations = 0
  time = 1_700_000_000_000
  /** Run while a storage call or a generation is under way: pause it, fail it, or change the world meanwhile. */
  before: (call: StorageCall, key: string) => Promise<void> | void = () => undefined
  after: (call: StorageCall, key: string) => Promise<void> | void = () => undefined
  generating: (pixels: string, signal: AbortSignal) => Promise<void> | void = () => undefined

  /** Another process: a kernel that can be killed. */
  process({ plugins = [jit()], state = {}, ...config }: ProcessOptions = {}): Process {
    return new Process(this, { plugins, state, ...config })
  }

  /** The pixels that a file has in storage, whatever state says of them. */
  async pixelsOf(file: ImageCacheFile): Promise<string | undefined> {
    const name = file.name ?? ''
    return (await this.stored.stat(name)) && text(await this.stored.read(name))
  }

  async put(file: ImageCacheFile, pixels: string): Promise<void> {
    await this.stored.write(file.name ?? '', new TextEncoder().encode(pixels), { type: 'text/plain' })
  }
}

export interface ProcessOptions {
  readonly plugins?: KernelConfig['plugins'] & object
  readonly state?: Partial<StateTimes>
  readonly generators?: Readonly<Record<string, GeneratorDefinition>>
  readonly sources?: KernelConfig['sources'] & object
}

export class Process {
  readonly kernel: Kernel
  readonly #world: World
  #isDead = false

  constructor(world: World, { plugins = [], state = {}, generators = {}, sources = [] }: ProcessOptions) {
    this.#world = world
    this.kernel = createKernel(
      {
        plugins: [this.#surroundings(), ...plugins],
        generators: { thumb: this.#thumb('thumb'), icon: this.#thumb('icon'), ...generators },
        sources,
        state,
      },
      { now: () => world.time },
    )
  }

  /** From now on nothing that it had begun goes on. */
  kill(): void {
    this.#isDead = true
  }

  thumb(source = 'kim.jpg'): ImageCacheFile {
    return this.kernel.file('thumb', { source })
  }

  /** A file that only those know of who know its params. */
  adHoc(size = 7): ImageCacheFile {
    return this.kernel.file('thumb', { source: 'kim.jpg', params: { size } })
  }

  /** Resolves when a kernel is alive, and never if it is not. */
  async #alive<Value>(value?: Value): Promise<Value | undefined> {
    return this.#isDead ? new Promise<never>(() => undefined) : value
  }

  #thumb(kind: string): GeneratorDefinition {
    const world = this.#world
    return {
      source: 'required',
      format: 'jpeg',
      fingerprint: kind,
      generate: async ({ source, params, signal }) => {
        const pixels = text((await source?.open()) ?? new Uint8Array())
        world.generations += 1
        await world.generating(pixels, signal)
        await this.#alive()
        if (pixels.startsWith('broken')) throw faults.BROKEN({})
        const { size } = params as { readonly size?: number }
        const data = new TextEncoder().encode(`${kind}${size ?? ''} of ${pixels}`)
        return { data, facts: { width: data.length, height: 1, type: 'image/jpeg' } }
      },
    }
  }

  #surroundings(): Plugin {
    const world = this.#world
    return {
      name: 'world',
      apply: ({ hooks }) => {
        const storage = this.#storage()
        const cache = this.#cache()
        hooks.storage.tap('world', () => storage)
        hooks.cache.tap('world', () => cache)
        hooks.source.tapPromise('world', async (name) => {
          await this.#alive()
          if (!world.sources.has(name)) return undefined
          return {
            name,
            open: async () => {
              const pixels = world.sources.get(name)
              if (pixels === undefined) throw Object.assign(new Error('There is none.'), { code: 'ENOENT' })
              return new TextEncoder().encode(pixels)
            },
            save: async (data) => void world.sources.set(name, text(data)),
            delete: async () => void world.sources.delete(name),
          }
        })
      },
    }
  }

  #storage(): Storage {
    const { stored } = this.#world
    const call = async <Answer>(name: StorageCall, key: string, work: () => Promise<Answer>): Promise<Answer> => {
      await this.#alive()
      this.#world.calls.push(name)
      await this.#world.before(name, key)
      await this.#alive()
      const answer = await work()
      await this.#world.after(name, key)
      await this.#alive()
      return answer
    }
    return {
      write: (key, data, info) => call('write', key, () => stored.write(key, data, info)),
      read: (key) => call('read', key, () => stored.read(key)),
      stream: (key) => stored.stream(key),
      stat: (key) => call('stat', key, () => stored.stat(key)),
      delete: (key) => call('delete', key, () => stored.delete(key)),
      list: (prefix) => {
        this.#world.calls.push('list')
        return this.#listed(prefix)
      },
      url: (key) => stored.url(key),
    }
  }

  async *#listed(prefix = ''): AsyncGenerator<string> {
    await this.#world.before('list', prefix)
    for await (const key of this.#world.stored.list(prefix)) {
      yield key
      await this.#world.after('list', key)
    }
  }

  #cache(): StateCache {
    const { cache } = this.#world
    const call = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
      await this.#alive()
      const answer = await work()
      await this.#alive()
      return answer
    }
    return {
      supports: cache.supports,
      get: (key) => call(() => cache.get(key)),
      swap: (key, expected, next) => call(() => cache.swap(key, expected, next)),
    }
  }
}

/** Just in time, at once. */
export function jit(): Plugin {
  return {
    name: 'jit',
    apply: ({ hooks, kernel }) => {
      hooks.contentRequired.tapPromise('jit', (file) => file.generate())
      hooks.existenceRequired.tapPromise('jit', (file) => file.generate())
      hooks.generate.tapPromise('jit', async (file, order) => {
        await kernel.produce(file, order)
        return 'generated'
      })
    },
  }
}

/** Work for later: run it with `work()`. No strategy. */
export class Queue implements Plugin {
  readonly name = 'queue'
  readonly jobs: (() => Promise<void>)[] = []

  apply({ hooks, kernel }: Parameters<Plugin['apply']>[0]): void {
    hooks.generate.tapPromise(this.name, async (file, order) => {
      this.jobs.push(() => kernel.produce(file, order))
      return 'scheduled'
    })
  }

  async work(): Promise<void> {
    for (const job of this.jobs.splice(0)) await job()
  }
}

/** A point that work waits at until it is opened. */
export class Gate {
  readonly #reached: Promise<void>
  readonly #opened: Promise<void>
  #reach: () => void = () => undefined
  open: () => void = () => undefined

  constructor() {
    this.#reached = new Promise((resolve) => {
      this.#reach = resolve
    })
    this.#opened = new Promise((resolve) => {
      this.open = resolve
    })
  }

  /** Resolves when someone waits here. */
  get reached(): Promise<void> {
    return this.#reached
  }

  /** Waits here. */
  async pass(): Promise<void> {
    this.#reach()
    await this.#opened
  }

  /** Waits here the first time; lets pass ever after. */
  once(): () => Promise<void> | void {
    let isFirst = true
    return () => {
      if (!isFirst) return
      isFirst = false
      return this.pass()
    }
  }
}

export function text(data: Uint8Array): string {
  return new TextDecoder().decode(data)
}

export async function pixels(file: ImageCacheFile): Promise<string> {
  return text(await file.bytes())
}

export async function codeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
    return 'no error'
  } catch (error) {
    return (error as { readonly code?: unknown }).code
  }
}
