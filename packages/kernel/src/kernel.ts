import { setMaxListeners } from 'node:events'
import { resolve } from 'node:path'
import { frozenJson } from './canonical-json.ts'
import type { GeneratorDefinition, Namer } from './contracts/generator.ts'
import type { JsonValue } from './contracts/json-value.ts'
import type { SourceGroupItem, TiedSourceGroup } from './contracts/source.ts'
import type { StateCache } from './contracts/state-cache.ts'
import { errors } from './error-catalogue.ts'
import { isLatentImageError, type LatentImageError } from './errors.ts'
import { createEvents, type KernelEvents } from './events.ts'
import { Generation } from './generation.ts'
import type { GenerateOrder, Hooks } from './hooks.ts'
import { type FileReference, ImageCacheFile } from './image-cache-file.ts'
import { checkConfig, type KernelConfig, type KernelOptions } from './kernel-config.ts'
import { namers } from './names/namers.ts'
import { compilePattern } from './pattern.ts'
import { PluginScope } from './plugin-scope.ts'
import { abandon, produce } from './production.ts'
import { RegisteredGenerator, sourcesOf } from './registered-generator.ts'
import { type SourceChangeOptions, SourceChanges, type SourceResult } from './source-changes.ts'
import { SourceFile } from './source-file.ts'
import { fileSource, type SourceInput } from './source-input.ts'
import { SourceReads } from './source-reads.ts'
import { defaultTimes, StateRules } from './state.ts'
import { StateStore } from './state-store.ts'
import { WorkInHand, withLimit } from './work-in-hand.ts'

export interface FileInput<Params = JsonValue> {
  readonly source?: SourceInput
  readonly params?: Params
}

const noParams = Object.freeze({})

/** Derivatives of derivatives that a reference may name; more are no mistake that anybody makes. */
const longestChain = 100

const idSyntax = /^[^\s:*]+(?::[^\s:*]+)*$/

/** Milliseconds that `close()` waits for work in hand, and then for plugins to release what they hold. */
const closeLimit = 10_000
const releaseLimit = 5_000

/** Registry, hooks, events, scopes, state and single flight. Kernels are independent of each other. */
export class Kernel {
  /** The hooks of the outermost scope of the config. */
  readonly hooks: Hooks
  readonly events: KernelEvents = createEvents()
  readonly #directory: string
  /** Outer ones first; the preset before all. */
  readonly #scopes: PluginScope[]
  readonly #generators = new Map<string, RegisteredGenerator>()
  /** How many times something was registered under an id. */
  readonly #registrations = new Map<string, number>()
  readonly #stores = new WeakMap<StateCache, StateStore>()
  readonly #work = new WorkInHand()
  readonly #ending = new AbortController()
  readonly #beginningToClose = new AbortController()
  readonly #reported = new WeakSet<LatentImageError>()
  #closing: Promise<void> | undefined
  /** @internal */
  readonly namer: Namer
  /** @internal */
  readonly prefix: string
  /** @internal */
  readonly rules: StateRules
  /** @internal */
  readonly generation = new Generation(this)
  /** @internal */
  readonly changes = new SourceChanges(this)
  /** @internal */
  readonly reads = new SourceReads()
  /** @internal */
  readonly groups = new Set<TiedSourceGroup>()
  /** Aborted when the kernel begins to close: backends take up nothing new from then on, and end what is under way. */
  readonly closing: AbortSignal = this.#beginningToClose.signal
  /** @internal Aborted when work in hand is not waited for any more. */
  readonly signal: AbortSignal = this.#ending.signal

  /** @internal Use `createKernel`. */
  constructor(config: KernelConfig, { directory = process.cwd(), preset = [], now = Date.now }: KernelOptions) {
    const { plugins = [], generators = {}, sources = [], namer = 'sourceNameAsPath', prefix = 'CACHE/images' } = config
    this.namer = typeof namer === 'function' ? namer : namers[namer]
    this.prefix = prefix
    this.rules = new StateRules({ ...defaultTimes, ...config.state }, now)
    this.#directory = directory
    // Every file that is being made listens to it.
    setMaxListeners(0, this.signal)
    const root = new PluginScope([...plugins, ...sources.filter((entry) => 'apply' in entry)])
    this.hooks = root.hooks
    this.#scopes = [new PluginScope(preset), root]
    // Scopes found on the way are appended: level by level.
    for (const scope of this.#scopes) this.#scopes.push(...scope.nested)
    try {
      for (const scope of this.#scopes) this.#apply(scope)
      for (const entry of sources) if (!('apply' in entry)) this.addSourceGroup(entry)
      for (const [id, definition] of Object.entries(generators)) this.register(id, definition)
    } catch (error) {
      void this.close()
      throw error
    }
  }

  /**
   * The file that a generator makes of a source: a pure function of its arguments, no I/O.
   *
   * @throws UNKNOWN_GENERATOR, INVALID_SOURCE, NOT_JSON, or what a dynamic spec says of the params.
   */
  file(id: string, input: FileInput = {}): ImageCacheFile {
    const { source, params = noParams } = input ?? {}
    const generator = this.#generators.get(id)
    if (!generator) throw errors.UNKNOWN_GENERATOR({ id, known: this.generatorIds() })
    const origin = fileSource(source)
    if (origin && generator.definition.source === 'none') {
      throw errors.INVALID_SOURCE({ problem: `\`${id}\` makes its image without one` })
    }
    return new ImageCacheFile(this, generator, origin, params === noParams ? params : frozenJson(params, 'params'))
  }

  /**
   * The file that a reference names.
   *
   * @throws INVALID_REFERENCE, UNKNOWN_GENERATOR, and FILE_CHANGED if the file has another name here.
   */
  fileFrom(reference: FileReference): ImageCacheFile {
    return this.#fileFrom(reference, 0)
  }

  #fileFrom(reference: FileReference, depth: number): ImageCacheFile {
    const { generator, source, params, name } = reference ?? {}
    const isReference = typeof generator === 'string' && typeof source === 'object' && depth < longestChain
    if (!isReference) throw errors.INVALID_REFERENCE({})
    const origin = source?.file ? this.#fileFrom(source.file, depth + 1) : source
    const file = this.file(generator, { source: origin, params })
    if (file.name !== name) throw errors.FILE_CHANGED({ file: file.label, was: name, is: file.name })
    return file
  }

  /** The files of all source groups, and of generators without a source, for the ids that match a pattern. */
  async *files(pattern = '**'): AsyncGenerator<ImageCacheFile, void, undefined> {
    const matches = compilePattern(pattern)
    const generators = [...this.registered()].filter(({ id }) => matches(id))
    const groups = Array.from(this.groups, (group) => {
      const feeds = compilePattern(group.for)
      return { group, fed: generators.filter(({ id }) => feeds(id)) }
    })
    const fed = new Set(groups.flatMap((tied) => tied.fed))
    for (const generator of generators) if (!fed.has(generator)) yield* this.filesOf(generator)
    for (const { group, fed } of groups) {
      if (fed.length === 0) continue
      for await (const { source, params } of this.#itemsOf(group)) {
        for (const generator of fed) yield* this.filesOf(generator, source, params)
      }
    }
  }

  async *#itemsOf(group: TiedSourceGroup): AsyncGenerator<SourceGroupItem> {
    const pattern = group.for
    try {
      for await (const item of group.items()) {
        if (typeof item === 'object' && item !== null) yield item
        else this.events.emit('warning', { message: `The source group for \`${pattern}\` told what is no item.` })
      }
    } catch (error) {
      throw isLatentImageError(error) ? error : errors.SOURCE_GROUP_FAILED({ pattern }, error)
    }
  }

  /** The original of this name. */
  source(name: string): SourceFile {
    return new SourceFile(this, name, sourcesOf(this.#scopes.filter((scope) => scope.isGlobal)))
  }

  /** The ids that match a pattern, in the order of registration. */
  generatorIds(pattern = '**'): string[] {
    return [...this.#generators.keys()].filter(compilePattern(pattern))
  }

  /**
   * Registers a generator; the same one again is fine.
   *
   * @throws INVALID_GENERATOR, ALREADY_REGISTERED, KERNEL_CLOSED, and what its own plugins throw.
   */
  register(id: string, definition: GeneratorDefinition): void {
    if (!idSyntax.test(id) || !isDefinition(definition)) throw errors.INVALID_GENERATOR({ id })
    const registered = this.#generators.get(id)
    if (registered?.definition === definition) return
    if (registered) throw errors.ALREADY_REGISTERED({ id })
    if (this.#closing) throw errors.KERNEL_CLOSED({ file: `\`${id}\`` })
    const times = (this.#registrations.get(id) ?? 0) + 1
    this.#registrations.set(id, times)
    const generator = new RegisteredGenerator(this, id, definition, this.#scopes, times)
    this.#generators.set(id, generator)
    try {
      this.#apply(generator.own)
    } catch (error) {
      void this.unregister(id)
      throw error
    }
  }

  /**
   * Forgets a generator, and releases what its own plugins hold once work in hand has ended. What it made stays. Resolves
   * to whether it was there.
   */
  async unregister(id: string): Promise<boolean> {
    const generator = this.#generators.get(id)
    this.#generators.delete(id)
    if (!generator) return false
    if (generator.definition.plugins) await withLimit(this.idle(), closeLimit)
    await this.#release(generator.own)
    return true
  }

  /** Ties sources to generators, until the returned function is called. */
  addSourceGroup(group: TiedSourceGroup): () => void {
    this.groups.add(group)
    return () => void this.groups.delete(group)
  }

  /**
   * To be called when a source was created or changed, after its bytes were stored. When it has resolved, nothing serves
   * old pixels, unless a backend makes the new ones later.
   *
   * @returns What became of each file tied to the source; one failure does not stop the others.
   */
  sourceSaved(source: SourceInput, options?: SourceChangeOptions): Promise<SourceResult[]> {
    return this.track(this.changes.saved(source, options ?? {}))
  }

  /** To be called when a source is gone: drops everything made from it, unless a strategy decides otherwise. */
  sourceDeleted(source: SourceInput, options?: SourceChangeOptions): Promise<SourceResult[]> {
    return this.track(this.changes.deleted(source, options ?? {}))
  }

  /** For backends: makes a file on behalf of the bearer of a token. Without effect once the claim is another's. */
  produce(file: ImageCacheFile, order: Pick<GenerateOrder, 'token'> & Partial<GenerateOrder>): Promise<void> {
    return this.track(produce(this, file, { signal: this.signal, ...order }))
  }

  /**
   * For backends: gives back the claim of a token that nobody is going to work on, so that whoever asks next can have the
   * file made. With an error whose fault is the source's, the file counts as failed for a while.
   */
  abandon(file: ImageCacheFile, { token }: Pick<GenerateOrder, 'token'>, error?: LatentImageError): Promise<void> {
    return this.track(abandon(this, file, token, error))
  }

  /** For backends: another process has ended its work on a file. Those who wait for it look again. */
  noticed(file: ImageCacheFile): void {
    this.generation.noticed(file.record)
  }

  /** For plugins: `idle()` and `close()` wait for this work. */
  track<Result>(work: Promise<Result>): Promise<Result> {
    return this.#work.track(work)
  }

  /** Waits for all work in hand and scheduled in this process. */
  idle(): Promise<void> {
    return this.#work.idle()
  }

  /** Waits for work in hand (10 s at most), begins nothing new then, and has the plugins release what they hold. */
  close(): Promise<void> {
    this.#beginningToClose.abort()
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await withLimit(this.idle(), closeLimit)
    this.#ending.abort()
    // What is aborted gives back its claims.
    await withLimit(this.idle(), releaseLimit)
    const stores = new Set(Array.from(this.registered(), ({ stateInUse }) => stateInUse))
    await withLimit(Promise.all(Array.from(stores, (store) => store?.close())), releaseLimit)
    const own = Array.from(this.registered(), (generator) => generator.own)
    await Promise.all([...this.#scopes, ...own].map((scope) => this.#release(scope)))
    this.events.emit('closed', { kernel: this })
  }

  #apply(scope: PluginScope): void {
    scope.apply({ kernel: this, events: this.events, resolve: (path) => resolve(this.#directory, path) })
  }

  async #release(scope: PluginScope): Promise<void> {
    for (const release of scope.takeReleases()) {
      try {
        await withLimit(Promise.resolve(release()), releaseLimit)
      } catch (error) {
        this.events.emit('warning', { message: 'A plugin could not release what it holds.', error })
      }
    }
  }

  /** @internal */
  registered(): Iterable<RegisteredGenerator> {
    return this.#generators.values()
  }

  /** @internal The guard around a state cache, one for all that it keeps. */
  storeOf(cache: StateCache, plugin: string): StateStore {
    const store = this.#stores.get(cache) ?? new StateStore(cache, plugin, this.rules, this.events)
    this.#stores.set(cache, store)
    return store
  }

  /** @internal The files of a generator for a source: one for each of its variants. One that cannot be is left out. */
  filesOf({ id, definition }: RegisteredGenerator, source?: SourceInput, params?: JsonValue): ImageCacheFile[] {
    const needsSource = definition.source === 'required'
    if (needsSource && !source) return []
    const variants = params === undefined ? (definition.variants ?? [noParams]) : [params]
    return variants.flatMap((variant) => {
      try {
        return this.file(id, { source: needsSource ? source : undefined, params: variant })
      } catch (error) {
        this.events.emit('warning', { message: `A file of \`${id}\` was left out.`, error })
        return []
      }
    })
  }

  /** @internal Emits `failed`, once per error. */
  reportFailure(file: ImageCacheFile, error: LatentImageError): void {
    if (this.#reported.has(error)) return
    this.#reported.add(error)
    this.events.emit('failed', { file, error })
  }
}

/** The params that a generator takes. */
type ParamsOf<Definition> = Definition extends GeneratorDefinition<infer Params extends JsonValue> ? Params : JsonValue

/** A kernel that knows the ids of its generators and the params they take. Others may be registered at any time. */
export interface KernelOf<Generators> extends Kernel {
  file<Id extends (keyof Generators & string) | (string & Record<never, never>)>(
    id: Id,
    input?: FileInput<Id extends keyof Generators ? ParamsOf<Generators[Id]> : JsonValue>,
  ): ImageCacheFile
}

/**
 * Makes a kernel. Nothing can be tapped after it has returned.
 *
 * @throws INVALID_CONFIG, DUPLICATE_ROLE, ALREADY_REGISTERED, INVALID_GENERATOR, and what plugins throw in `apply`.
 */
export function createKernel<const Config extends KernelConfig>(
  config: Config,
  options: KernelOptions = {},
): KernelOf<Config['generators']> {
  checkConfig(config)
  return new Kernel(config, options ?? {})
}

function isDefinition(value: unknown): boolean {
  const { source, fingerprint, generate } = (value ?? {}) as Partial<GeneratorDefinition>
  return (source === 'required' || source === 'none') && fingerprint !== undefined && typeof generate === 'function'
}
