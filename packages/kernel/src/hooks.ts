import { AsyncSeriesBailHook, AsyncSeriesHook, SyncBailHook } from 'tapable'
import type { Generator } from './contracts/generator.ts'
import type { SourceHandle } from './contracts/source.ts'
import type { StateCache } from './contracts/state-cache.ts'
import type { Storage } from './contracts/storage.ts'
import type { ImageCacheFile } from './image-cache-file.ts'

type TapOptions = string | { readonly name: string; readonly stage?: number; readonly before?: string }

/** tapable's `AsyncSeriesHook`, but a tap may resolve to anything: its result is not used. */
export interface SeriesHook<Arguments extends readonly unknown[]>
  extends Pick<AsyncSeriesHook<[...Arguments]>, 'promise' | 'taps' | 'intercept' | 'name'> {
  tap(options: TapOptions, fn: (...args: Arguments) => unknown): void
  tapPromise(options: TapOptions, fn: (...args: Arguments) => Promise<unknown>): void
  tapAsync(options: TapOptions, fn: (...args: [...Arguments, callback: (error?: Error | null) => void]) => void): void
}

/** What a backend is given beside the file. */
export interface GenerateOrder {
  /** To be handed to `kernel.produce`, in this process or another. */
  readonly token: string
  /** Aborted when the result is of no use any more. */
  readonly signal: AbortSignal
}

/** What the asker of a source wants of it. */
export interface SourceQuery {
  /** It is going to be saved: who could hold it answers even if there is none yet. */
  readonly create: boolean
}

/** The hooks of a scope. Hooks decide; only plugins tap them. */
export interface Hooks {
  /** Bytes or facts of the file are about to be used. Role: strategy. */
  readonly contentRequired: SeriesHook<[file: ImageCacheFile]>
  /** The file must exist, but its bytes are not needed. Role: strategy. */
  readonly existenceRequired: SeriesHook<[file: ImageCacheFile]>
  /** The file's source was created or changed; `file.generate()` makes it anew. Role: strategy. */
  readonly sourceSaved: SeriesHook<[file: ImageCacheFile]>
  /** The file's source is gone. Role: strategy. */
  readonly sourceDeleted: SeriesHook<[file: ImageCacheFile]>
  /** Whether `exists()` checks at all; `false` means trust, no answer means check. Role: strategy. */
  readonly verifyExistence: SyncBailHook<[file: ImageCacheFile], boolean | undefined>
  /** There is work to do and it is claimed: run `kernel.produce(file, order)`, now or later. Role: backend. */
  readonly generate: AsyncSeriesBailHook<[file: ImageCacheFile, order: GenerateOrder], 'generated' | 'scheduled'>
  /** Where a generator's files live; asked once per generator. Role: storage. */
  readonly storage: SyncBailHook<[generator: Generator], Storage | undefined>
  /** Where the state of a generator's files is kept; asked once per generator. Role: cache. */
  readonly cache: SyncBailHook<[generator: Generator], StateCache | undefined>
  /** Finds a source by name; `undefined` means "not mine". Role: source. */
  readonly source: AsyncSeriesBailHook<[name: string, query: SourceQuery], SourceHandle | undefined>
}

export type Role = 'strategy' | 'backend' | 'storage' | 'cache' | 'source'

export const roleOfHook: Readonly<Record<keyof Hooks, Role>> = {
  contentRequired: 'strategy',
  existenceRequired: 'strategy',
  sourceSaved: 'strategy',
  sourceDeleted: 'strategy',
  verifyExistence: 'strategy',
  generate: 'backend',
  storage: 'storage',
  cache: 'cache',
  source: 'source',
}

/** A tap's function, as tapable keeps it. */
export type TapFunction = (...args: unknown[]) => unknown

/** What tapable hands to `register`: enough of it to wrap a tap. */
export interface RegisteredTap {
  readonly type: 'sync' | 'async' | 'promise'
  readonly fn: TapFunction
}

/**
 * Makes the hooks of one scope.
 *
 * @param register - Sees every tap before it is added; may replace it, or throw to refuse it.
 */
export function createHooks(register: (hook: keyof Hooks, tap: RegisteredTap) => RegisteredTap): Hooks {
  const hooks: Hooks = {
    contentRequired: new AsyncSeriesHook(['file']),
    existenceRequired: new AsyncSeriesHook(['file']),
    sourceSaved: new AsyncSeriesHook(['file']),
    sourceDeleted: new AsyncSeriesHook(['file']),
    verifyExistence: new SyncBailHook(['file']),
    generate: new AsyncSeriesBailHook(['file', 'order']),
    storage: new SyncBailHook(['generator']),
    cache: new SyncBailHook(['generator']),
    source: new AsyncSeriesBailHook(['name', 'query']),
  }
  for (const [name, hook] of Object.entries(hooks) as [keyof Hooks, Hooks['storage']][]) {
    hook.intercept({
      register: (tap) => ({ ...tap, ...register(name, tap as unknown as RegisteredTap) }) as typeof tap,
    })
  }
  return hooks
}
