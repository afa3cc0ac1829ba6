import { AsyncSeriesBailHook, AsyncSeriesHook, SyncBailHook } from 'tapable'
import type { Generator } from './contracts/generator.ts'
import type { SourceHandle } from './contracts/source.ts'
import type { StateCache } from './contracts/state-cache.ts'
import type { Storage } from './contracts/storage.ts'
import type { ImageCacheFile } from './image-cache-file.ts'

type TapOptions = string | { readonly name: string; readonly stage?: number; readonly before?: string }

/** tapable's `AsyncSeriesHook` of a file, but a tap may resolve to anything: its result is not used. */
export interface FileHook extends Pick<AsyncSeriesHook<[ImageCacheFile]>, 'promise' | 'taps'> {
  tap(options: TapOptions, fn: (file: ImageCacheFile) => unknown): void
  tapPromise(options: TapOptions, fn: (file: ImageCacheFile) => Promise<unknown>): void
  tapAsync(options: TapOptions, fn: (file: ImageCacheFile, callback: (error?: Error | null) => void) => void): void
}

/** What a backend is given beside the file. */
export interface GenerateOrder {
  /** To be handed to `kernel.produce`, in this process or another. */
  readonly token: string
  /** Aborted when the result is of no use any more. */
  readonly signal: AbortSignal
  /** A reader waits for the file, so that it goes before what nobody has asked for yet. */
  readonly isAwaited?: boolean
}

/** What the asker of a source wants of it. */
export interface SourceQuery {
  /** It is going to be saved: who could hold it answers even if there is none yet. */
  readonly create: boolean
}

/** The hooks of a scope. Hooks decide; only plugins tap them. */
export interface Hooks {
  /** Bytes or facts of the file are about to be used. Role: strategy. */
  readonly contentRequired: FileHook
  /** The file must exist, but its bytes are not needed. Role: strategy. */
  readonly existenceRequired: FileHook
  /** The file's source was created or changed; `file.generate()` makes it anew. Role: strategy. */
  readonly sourceSaved: FileHook
  /** The file's source is gone. Role: strategy. */
  readonly sourceDeleted: FileHook
  /** Whether `exists()` checks at all; `false` means trust, no answer means check. Role: strategy. */
  readonly verifyExistence: SyncBailHook<[file: ImageCacheFile], boolean | undefined>
  /** There is work to do and it is claimed: run `kernel.produce(file, order)`, now or later. Role: backend. */
  readonly generate: AsyncSeriesBailHook<[file: ImageCacheFile, order: GenerateOrder], 'generated' | 'scheduled'>
  /** How many milliseconds a reader waits for a file that is on its way; no answer means 0. Role: backend. */
  readonly pending: SyncBailHook<[file: ImageCacheFile], number | undefined>
  /** Where a generator's files live; asked once per generator. Role: storage. */
  readonly storage: SyncBailHook<[generator: Generator], Storage | undefined>
  /** Where the state of a generator's files is kept; asked once per generator. Role: cache. */
  readonly cache: SyncBailHook<[generator: Generator], StateCache | undefined>
  /** Finds a source by name; `undefined` means "not mine". Role: source. */
  readonly source: AsyncSeriesBailHook<[name: string, query: SourceQuery], SourceHandle | undefined>
}

export type Role = 'strategy' | 'backend' | 'storage' | 'cache' | 'source'

const roles: Partial<Record<keyof Hooks, Role>> = {
  generate: 'backend',
  pending: 'backend',
  storage: 'storage',
  cache: 'cache',
  source: 'source',
}

/** The role that whoever taps a hook takes. */
export function roleOf(hook: keyof Hooks): Role {
  return roles[hook] ?? 'strategy'
}

const syncHooks: readonly (keyof Hooks)[] = ['verifyExistence', 'pending', 'storage', 'cache']

/** Whether a hook's taps answer at once. */
export function isSync(hook: keyof Hooks): boolean {
  return syncHooks.includes(hook)
}

/** What tapable keeps of a tap; an `async` one is given a callback as its last argument. */
export interface Tap {
  readonly type: 'sync' | 'async' | 'promise'
  readonly fn: (...input: unknown[]) => unknown
}

/**
 * Makes the hooks of one scope.
 *
 * @param register - Sees every tap before it is added; returns what to add instead, or throws to refuse it.
 */
export function createHooks(register: (hook: keyof Hooks, tap: Tap) => Tap): Hooks {
  const hooks = {
    contentRequired: new AsyncSeriesHook<[ImageCacheFile]>(['file']),
    existenceRequired: new AsyncSeriesHook<[ImageCacheFile]>(['file']),
    sourceSaved: new AsyncSeriesHook<[ImageCacheFile]>(['file']),
    sourceDeleted: new AsyncSeriesHook<[ImageCacheFile]>(['file']),
    verifyExistence: new SyncBailHook(['file']),
    generate: new AsyncSeriesBailHook(['file', 'order']),
    pending: new SyncBailHook(['file']),
    storage: new SyncBailHook(['generator']),
    cache: new SyncBailHook(['generator']),
    source: new AsyncSeriesBailHook(['name', 'query']),
  } satisfies Hooks
  for (const [name, hook] of Object.entries(hooks) as [keyof Hooks, SyncBailHook<unknown, unknown>][]) {
    hook.intercept({ register: (tap) => register(name, tap as unknown as Tap) as unknown as typeof tap })
  }
  return hooks
}
