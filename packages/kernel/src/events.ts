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

type Name = string | symbol
type Listener = (payload: unknown) => unknown

/** eventemitter3 stops at a listener that throws, so each one is wrapped; the maps let `off` find the wrapper. */
class GuardedEmitter extends EventEmitter {
  readonly #wrappers = new WeakMap<Listener, Listener>()
  readonly #warningWrappers = new WeakMap<Listener, Listener>()

  override on(event: Name, listener: Listener, context?: unknown): this {
    return super.on(event, this.#wrap(event, listener), context)
  }

  override once(event: Name, listener: Listener, context?: unknown): this {
    return super.once(event, this.#wrap(event, listener), context)
  }

  override addListener(event: Name, listener: Listener, context?: unknown): this {
    return this.on(event, listener, context)
  }

  override off(event: Name, listener?: Listener, context?: unknown, once?: boolean): this {
    return super.off(event, listener && this.#wrap(event, listener), context, once)
  }

  override removeListener(event: Name, listener?: Listener, context?: unknown, once?: boolean): this {
    return this.off(event, listener, context, once)
  }

  #wrap(event: Name, listener: Listener): Listener {
    const wrappers = event === 'warning' ? this.#warningWrappers : this.#wrappers
    const known = wrappers.get(listener)
    if (known) return known
    const report = (error: unknown) => {
      // A listener of warnings that fails must not be warned of for ever.
      if (event === 'warning') process.emitWarning(error instanceof Error ? error : String(error))
      else this.emit('warning', { message: `A listener of \`${String(event)}\` failed.`, error })
    }
    const wrapper = function (this: unknown, payload: unknown): void {
      try {
        const result = listener.call(this, payload)
        if (result instanceof Promise) result.catch(report)
      } catch (error) {
        report(error)
      }
    }
    wrappers.set(listener, wrapper)
    return wrapper
  }
}

export function createEvents(): KernelEvents {
  return new GuardedEmitter() as unknown as KernelEvents
}
