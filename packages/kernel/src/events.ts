import { EventEmitter } from 'eventemitter3'
import type { Facts } from './contracts/generator.ts'
import type { SourceReference } from './contracts/source.ts'
import type { LatentImageError } from './errors.ts'
import type { ImageCacheFile } from './image-cache-file.ts'

/** What happened, by event. Plugins add their own by declaration merging. */
export interface EventPayloads {
  /** A file is being made. */
  generating: { readonly file: ImageCacheFile }
  /** A file was made and stored. */
  generated: { readonly file: ImageCacheFile; readonly milliseconds: number; readonly facts: Facts }
  /** A file could not be made, stored or handed to its backend. */
  failed: { readonly file: ImageCacheFile; readonly error: LatentImageError }
  /** A file is going to be made later. */
  scheduled: { readonly file: ImageCacheFile }
  /** A source was created or changed; what was made from it is marked stale by now. */
  sourceSaved: { readonly source: SourceReference }
  /** A source is gone. */
  sourceDeleted: { readonly source: SourceReference }
  /** A stored file was removed. */
  deleted: { readonly name: string }
  /** A state cache does not answer: once per outage. */
  cacheUnavailable: { readonly plugin: string; readonly error: unknown }
  /** A state cache answers again. */
  cacheRestored: { readonly plugin: string }
  /** Something is wrong that nobody is waiting for. */
  warning: { readonly message: string; readonly error?: unknown; readonly plugin?: string }
  /** The kernel has closed. */
  closed: { readonly kernel: object }
}

/**
 * The event bus: events tell, they do not decide. What a listener throws or rejects with is reported as a `warning`, and
 * the other listeners still run.
 */
export type KernelEvents = EventEmitter<{ [Name in keyof EventPayloads]: (payload: EventPayloads[Name]) => unknown }>

type Listener = (payload: unknown) => unknown

const methods = ['on', 'once', 'addListener', 'off', 'removeListener'] as const

/** eventemitter3 stops at a listener that throws, so each one is wrapped; a map lets `off` find the wrapper. */
export function createEvents(): KernelEvents {
  const emitter = new EventEmitter()
  const wrappers = new Map<string | symbol, WeakMap<Listener, Listener>>()
  const wrapped = (event: string | symbol, listener: Listener): Listener => {
    const known = wrappers.get(event) ?? new WeakMap<Listener, Listener>()
    const wrapper = known.get(listener) ?? guarded(emitter, event, listener)
    wrappers.set(event, known.set(listener, wrapper))
    return wrapper
  }
  for (const method of methods) {
    const original = emitter[method].bind(emitter)
    emitter[method] = (event: string | symbol, listener: Listener, ...rest: unknown[]) =>
      original(event, listener && wrapped(event, listener), ...rest)
  }
  return emitter as unknown as KernelEvents
}

function guarded(emitter: EventEmitter, event: string | symbol, listener: Listener): Listener {
  const report = (error: unknown) => {
    // A listener of warnings that fails must not be warned of for ever.
    if (event === 'warning') process.emitWarning(error instanceof Error ? error : String(error))
    else emitter.emit('warning', { message: `A listener of \`${String(event)}\` failed.`, error })
  }
  return function (this: unknown, payload) {
    try {
      const result = listener.call(this, payload)
      if (result instanceof Promise) result.catch(report)
    } catch (error) {
      report(error)
    }
  }
}
