import type { Generator, GeneratorDefinition, Namer } from './contracts/generator.ts'
import type { StateCache } from './contracts/state-cache.ts'
import type { Storage } from './contracts/storage.ts'
import { errors } from './error-catalogue.ts'
import type { Hooks, Role } from './hooks.ts'
import type { Fingerprint } from './names/file-name.ts'
import type { PluginScope } from './plugin-scope.ts'
import type { StateStore } from './state-store.ts'

/** What a generator gets from its kernel. */
export interface GeneratorSurroundings {
  readonly namer: Namer
  readonly prefix: string
  /** The scopes that match, inner ones last. */
  readonly scopes: readonly PluginScope[]
  /** The scope of the generator's own plugins, if it has any. */
  readonly own: PluginScope | undefined
  storeOf(cache: StateCache, plugin: string): StateStore
}

/** A registered generator with the plugins that serve it. Each role is served by the innermost scope that taps it. */
export class RegisteredGenerator implements Generator {
  readonly id: string
  readonly definition: GeneratorDefinition
  readonly namer: Namer
  readonly prefix: string
  readonly strategy: Hooks | undefined
  /** Names of the plugins that decide when. */
  readonly strategies: readonly string[]
  readonly backend: Hooks | undefined
  /** Where sources are looked for, innermost first. */
  readonly sources: readonly Hooks[]
  /** Enters the hash: the pattern of an inner scope that has sources of its own. */
  readonly salt: string
  readonly own: PluginScope | undefined
  /** Kept once it is known, where it is the same for all files. */
  fingerprint: Fingerprint | undefined
  readonly #scopes: readonly PluginScope[]
  readonly #storeOf: GeneratorSurroundings['storeOf']
  #storage: Storage | undefined
  #state: StateStore | undefined

  constructor(id: string, definition: GeneratorDefinition, surroundings: GeneratorSurroundings) {
    const { scopes, own, namer, prefix, storeOf } = surroundings
    this.id = id
    this.definition = definition
    this.namer = definition.namer ?? namer
    this.prefix = prefix
    this.#scopes = scopes
    this.#storeOf = storeOf
    const strategy = this.#serving('strategy')
    this.strategy = strategy?.hooks
    this.strategies = strategy?.namesOf('strategy') ?? []
    this.backend = this.#serving('backend')?.hooks
    this.sources = sourcesOf(scopes)
    this.own = own
    this.salt = this.#serving('source')?.path ?? ''
  }

  get storage(): Storage {
    this.#storage ??= this.#serving('storage')?.hooks.storage.call(this)
    if (!this.#storage) throw errors.MISSING_ROLE({ role: 'storage', subject: this.id })
    return this.#storage
  }

  get state(): StateStore {
    if (this.#state) return this.#state
    const scope = this.#serving('cache')
    const cache = scope?.hooks.cache.call(this)
    if (!scope || !cache) throw errors.MISSING_ROLE({ role: 'cache', subject: this.id })
    this.#state = this.#storeOf(cache, scope.namesOf('cache').join())
    return this.#state
  }

  /** Under which key the state of one of its files is kept: per storage, since another storage has other files. */
  stateKey(name: string): string {
    this.#storageKey ??= this.#serving('storage')?.path ?? ''
    return `${this.#storageKey}|${name}`
  }

  #storageKey: string | undefined

  #serving(role: Role): PluginScope | undefined {
    return this.#scopes.findLast((scope) => scope.serves(role))
  }
}

/** The hooks that know sources, innermost first; the preset (the first scope) only where nobody else does. */
export function sourcesOf(scopes: readonly PluginScope[]): readonly Hooks[] {
  const serving = scopes.filter((scope) => scope.serves('source'))
  const asked = serving.length > 1 && serving[0] === scopes[0] ? serving.slice(1) : serving
  return asked.map(({ hooks }) => hooks).reverse()
}

/** What a kernel keeps behind a generator that it has handed out. */
export function registered(generator: Generator): RegisteredGenerator {
  return generator as RegisteredGenerator
}
