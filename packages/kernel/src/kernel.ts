import { resolve } from 'node:path'
import type { GeneratorDefinition } from './contracts/generator.ts'
import type { JsonValue } from './contracts/json-value.ts'
import type { Plugin, Release } from './contracts/plugin.ts'
import type { TiedSourceGroup } from './contracts/source.ts'
import type { StateCache } from './contracts/state-cache.ts'
import { errors } from './error-catalogue.ts'
import type { LatentImageError } from './errors.ts'
import { createEvents, type KernelEvents } from './events.ts'
import { Generation } from './generation.ts'
import type { GenerateOrder, Hooks } from './hooks.ts'
import { type FileReference, ImageCacheFile } from './image-cache-file.ts'
import { checkConfig, type KernelConfig, type KernelOptions } from './kernel-config.ts'
import { namers } from './names/namers.ts'
import { compilePattern } from './pattern.ts'
import { PluginScope } from './plugin-scope.ts'
import { produce } from './production.ts'
import { RegisteredGenerator, sourcesOf } from './registered-generator.ts'
import { type SourceChangeOptions, SourceChanges, type SourceResult } from './source-changes.ts'
import { SourceFile } from './source-file.ts'
import { fileSource, type SourceInput } from './source-input.ts'
import { defaultTimes, StateRules } from './state.ts'
import { StateStore } from './state-store.ts'
import { WorkInHand } from './work-in-hand.ts'

/** The params that a generator takes. */
export type ParamsOf<Definition> = Definition extends GeneratorDefinition<infer Params> ? Params : JsonValue

export interface FileInput<Params = JsonValue> {
  readonly source?: SourceInput
  readonly params?: Params
}

const noParams = Object.freeze({})

/** Milliseconds that `close()` waits for work in hand, and then for plugins to release what they hold. */
const closeLimit = 10_000
const releaseLimit = 5_000

/** Registry, hooks, events, scopes, state and single flight. Kernels are independent of each other. */
export class Kernel {
  /** The hooks of the outermost scope of the config. */
  readonly hooks: Hooks
  readonly events: KernelEvents = createEvents()
  readonly #config: KernelConfig
  readonly #directory: string
  readonly #scopes: readonly PluginScope[]
  readonly #generators = new Map<string, RegisteredGenerator>()
  readonly #releases = new Map<PluginScope, Release[]>()
  readonly #stores = new Map<StateCache, StateStore>()
  readonly #work = new WorkInHand()
  readonly #ending = new AbortController()
  readonly #reported = new WeakSet<LatentImageError>()
  #closing: Promise<void> | undefined
  /** @internal */
  readonly rules: StateRules
  /** @internal */
  readonly generation = new Generation(this)
  /** @internal */
  readonly changes = new SourceChanges(this)
  /** @internal */
  readonly groups = new Set<TiedSourceGroup>()
  /** @internal Aborted when work in hand is not waited for any more. */
  readonly signal: AbortSignal = this.#ending.signal

  /** @internal Use `createKernel`. */
  constructor(config: KernelConfig, { directory = process.cwd(), preset = [], now = Date.now }: KernelOptions) {
    this.#config = config
    this.#directory = directory
    this.rules = new StateRules({ ...defaultTimes, ...config.state }, now)
    const outermost = new PluginScope('**', '', 0)
    const root = new PluginScope('**', '', 0)
    this.hooks = root.hooks
    const apply = (plugin: Plugin, scope: PluginScope) => this.#apply(plugin, scope)
    const { plugins = [], sources = [], generators = {} } = config
    const brought = sources.filter((entry) => 'apply' in entry)
    const scopes = [...outermost.apply(preset, apply), ...root.apply([...plugins, ...brought], apply)]
    this.#scopes = scopes.sort((a, b) => a.depth - b.depth)
    for (const entry of sources) if (!('apply' in entry)) this.addSourceGroup(entry)
    for (const [id, definition] of Object.entries(generators)) this.register(id, definition)
  }

  /**
   * The file that a generator makes of a source: a pure function of its arguments, no I/O.
   *
   * @throws UNKNOWN_GENERATOR, INVALID_SOURCE, or what a dynamic spec says of the params.
   */
  file(id: string, { source, params = noParams }: FileInput = {}): ImageCacheFile {
    const generator = this.#generators.get(id)
    if (!generator) throw errors.UNKNOWN_GENERATOR({ id, known: this.generatorIds().join(', ') })
    const origin = fileSource(source)
    if (origin && generator.definition.source === 'none') {
      throw errors.INVALID_SOURCE({ problem: `\`${id}\` makes its image without one` })
    }
    return new ImageCacheFile(this, generator, origin, params)
  }

  /**
   * The file that a reference names.
   *
   * @throws INVALID_REFERENCE, UNKNOWN_GENERATOR, and FILE_CHANGED if the file has another name here.
   */
  fileFrom(reference: FileReference): ImageCacheFile {
    const { generator, source, params, name } = asReference(reference)
    const from = source?.file ? this.fileFrom(source.file) : source
    const file = this.file(generator, { source: from, params })
    if (file.name !== name) throw errors.FILE_CHANGED({ file: file.label, was: name, is: file.name })
    return file
  }

  /** The files of all source groups, and of generators without a source, for the ids that match a pattern. */
  async *files(pattern = '**'): AsyncGenerator<ImageCacheFile, void, undefined> {
    const matches = compilePattern(pattern)
    const generators = [...this.#generators.values()].filter(({ id }) => matches(id))
    const groups = [...this.groups].map((group) => ({ group, feeds: compilePattern(group.for) }))
    for (const generator of generators) {
      const isFed = groups.some(({ feeds }) => feeds(generator.id))
      if (generator.definition.source === 'none' && !isFed) yield* this.filesOf(generator, undefined)
    }
    for (const { group, feeds } of groups) {
      const fed = generators.filter(({ id }) => feeds(id))
      if (fed.length === 0) continue
      for await (const { source, params } of group.items()) {
        for (const generator of fed) {
          if (generator.definition.source === 'none') yield* this.filesOf(generator, undefined, params)
          else if (source) yield* this.filesOf(generator, source, params)
        }
      }
    }
  }

  /** The original of this name. */
  source(name: string): SourceFile {
    return new SourceFile(name, sourcesOf(this.#scopesOf('')), this.changes)
  }

  /** The ids that match a pattern, in the order of registration. */
  generatorIds(pattern = '**'): string[] {
    return [...this.#generators.keys()].filter(compilePattern(pattern))
  }

  /**
   * Registers a generator; the same one again is fine.
   *
   * @throws INVALID_GENERATOR, ALREADY_REGISTERED, and what its own plugins throw.
   */
  register(id: string, definition: GeneratorDefinition): void {
    const registered = this.#generators.get(id)
    if (registered?.definition === definition) return
    if (registered) throw errors.ALREADY_REGISTERED({ id })
    const problem = problemOf(id, definition)
    if (problem) throw errors.INVALID_GENERATOR({ id, problem })
    this.#generators.set(id, this.#makeGenerator(id, definition))
  }

  /** Forgets a generator, and releases what its own plugins hold. What it made stays. Resolves to whether it was there. */
  async unregister(id: string): Promise<boolean> {
    const generator = this.#generators.get(id)
    if (!generator) return false
    this.#generators.delete(id)
    if (generator.own) await this.#release(generator.own)
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
    return this.#work.track(this.changes.saved(source, options))
  }

  /** To be called when a source is gone: drops everything made from it, unless a strategy decides otherwise. */
  sourceDeleted(source: SourceInput, options?: SourceChangeOptions): Promise<SourceResult[]> {
    return this.#work.track(this.changes.deleted(source, options))
  }

  /** For backends: makes a file on behalf of the bearer of a token. Without effect once the claim is another's. */
  produce(file: ImageCacheFile, { token, signal = this.signal }: PartialOrder): Promise<void> {
    return this.#work.track(produce(this, file, { token, signal }))
  }

  /** For plugins: `idle()` and `close()` wait for this work. */
  track<Result>(work: Promise<Result>): Promise<Result> {
    return this.#work.track(work)
  }

  /** Waits for all work in hand and scheduled in this process. */
  idle(): Promise<void> {
    return this.#work.idle()
  }

  /** Begins nothing new, waits for work in hand (10 s at most), and has the plugins release what they hold. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await withLimit(this.#work.idle(), closeLimit)
    this.#ending.abort()
    await Promise.all([...this.#releases.keys()].map((scope) => this.#release(scope)))
    this.events.emit('closed', { kernel: this })
  }

  /** @internal Nothing new is begun. */
  get isClosed(): boolean {
    return this.#closing !== undefined
  }

  /** @internal */
  registered(): Iterable<RegisteredGenerator> {
    return this.#generators.values()
  }

  /** @internal Emits `failed`, once per error. */
  reportFailure(file: ImageCacheFile, error: LatentImageError): void {
    if (this.#reported.has(error)) return
    this.#reported.add(error)
    this.events.emit('failed', { file, error })
  }

  #apply(plugin: Plugin, scope: PluginScope): void {
    const release = plugin.apply({
      hooks: scope.hooks,
      events: this.events,
      kernel: this,
      pattern: scope.pattern,
      resolve: (path) => resolve(this.#directory, path),
    })
    if (release) this.#releases.set(scope, [release, ...(this.#releases.get(scope) ?? [])])
  }

  async #release(scope: PluginScope): Promise<void> {
    const releases = this.#releases.get(scope) ?? []
    this.#releases.delete(scope)
    for (const release of releases) {
      try {
        await withLimit(Promise.resolve(release()), releaseLimit)
      } catch (error) {
        this.events.emit('warning', { message: 'A plugin could not release what it holds.', error })
      }
    }
  }

  #makeGenerator(id: string, definition: GeneratorDefinition): RegisteredGenerator {
    const own = definition.plugins && new PluginScope(id, `(#${id})`, Number.POSITIVE_INFINITY)
    const inner = own?.apply(definition.plugins ?? [], (plugin, scope) => this.#apply(plugin, scope)) ?? []
    const { namer = 'sourceNameAsPath', prefix = 'CACHE/images' } = this.#config
    return new RegisteredGenerator(id, definition, {
      namer: typeof namer === 'function' ? namer : namers[namer],
      prefix,
      scopes: [...this.#scopesOf(id), ...inner],
      own,
      storeOf: (cache, plugin) => this.#storeOf(cache, plugin),
    })
  }

  #scopesOf(id: string): PluginScope[] {
    return this.#scopes.filter((scope) => scope.matches(id))
  }

  #storeOf(cache: StateCache, plugin: string): StateStore {
    const store = this.#stores.get(cache) ?? new StateStore(cache, plugin, this.rules, this.events)
    this.#stores.set(cache, store)
    return store
  }

  /** @internal The files of a generator for a source: one for each of its variants. */
  *filesOf(generator: RegisteredGenerator, source: SourceInput, params?: JsonValue): Generator<ImageCacheFile> {
    const variants = params === undefined ? (generator.definition.variants ?? [noParams]) : [params]
    for (const variant of variants) yield this.file(generator.id, { source, params: variant })
  }
}

/** A kernel that knows the ids of its generators and the params they take. */
export type KernelOf<Generators> = Kernel & {
  file<Id extends keyof Generators & string>(id: Id, input?: FileInput<ParamsOf<Generators[Id]>>): ImageCacheFile
}

type PartialOrder = Pick<GenerateOrder, 'token'> & Partial<GenerateOrder>

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
  return new Kernel(config, options) as KernelOf<Config['generators']>
}

function problemOf(id: string, definition: GeneratorDefinition): string | undefined {
  if (!/^[^\s:*]+(?::[^\s:*]+)*$/.test(id))
    return 'its id is not made of segments separated by `:`, without spaces and `*`'
  if (typeof definition !== 'object' || definition === null) return 'it is no object'
  if (definition.source !== 'required' && definition.source !== 'none')
    return "its `source` is not 'required' or 'none'"
  if (typeof definition.generate !== 'function') return '`generate` is no function'
  if (definition.fingerprint === undefined) return 'it has no `fingerprint`'
  return undefined
}

function asReference(value: FileReference): FileReference {
  const { generator, name, source } = value ?? {}
  if (typeof generator !== 'string') throw errors.INVALID_REFERENCE({ problem: '`generator` is no string' })
  if (typeof name !== 'string' && name !== null) throw errors.INVALID_REFERENCE({ problem: '`name` is no string' })
  if (typeof source !== 'object') throw errors.INVALID_REFERENCE({ problem: '`source` is no object' })
  return value
}

async function withLimit(work: Promise<unknown>, limit: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const ended = new Promise((resolve) => {
    timer = setTimeout(resolve, limit)
  })
  await Promise.race([work, ended])
  clearTimeout(timer)
}
