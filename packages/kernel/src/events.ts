import { inspect } from 'node:util'
import { EventEmitter } from 'eventemitter3'
import type { Facts } from './contracts/generator.ts'
import type { SourceReference } from './contracts/source.ts'
import type { LatentImageError } from './errors.ts'
import type { ImageCacheFile } from './image-cache-file.ts'
import type { Kernel } from './kernel.ts'

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
  closed: { readonly kernel: Kernel }
}

/**
 * The event bus: events tell, they do not decide. What a listener throws or rejects with is reported as a `warning`, and
 * the other listeners still run.
 */
export type KernelEvents = EventEmitter<{ [Name in keyof EventPayloads]: (payload: EventPayloads[Name]) => unknown }>

type Listener = (payload: unknown, event?: string) => unknown
type Method = (event: string, listener?: Listener, ...rest: unknown[]) => unknown

const methods = ['on', 'once', 'addListener', 'off', 'removeListener'] as const

/** eventemitter3 stops at a listener that throws, so each one is guarded; a guard is told which event it serves. */
export function createEvents(): KernelEvents {
  const emitter = new EventEmitter()
  const emit = emitter.emit.bind(emitter)
  emitter.emit = (event, payload) => emit(event, payload, event)
  const guards = new WeakMap<Listener, Listener>()
  const guarded = (listener: Listener): Listener => {
    const guard = guards.get(listener) ?? guardOf(listener, emitter)
    // A guard is its own: eventemitter3 removes by it what listens once.
    guards.set(listener, guard).set(guard, guard)
    return guard
  }
  const target = emitter as unknown as Record<(typeof methods)[number], Method>
  for (const method of methods) {
    const original = target[method].bind(emitter)
    target[method] = (event, listener, ...rest) => original(event, listener && guarded(listener), ...rest)
  }
  return emitter as unknown as KernelEvents
}

function guardOf(listener: Listener, emitter: EventEmitter): Listener {
  return async (payload, event) => {
    try {
      await listener(payload)
    } catch (error) {
      // A listener of warnings that fails must not be warned of for ever.
      if (event === 'warning') process.emitWarning(error instanceof Error ? error : inspect(error))
      else emitter.emit('warning', { message: `A listener of \`${event}\` failed.`, error })
    }
  }
}
