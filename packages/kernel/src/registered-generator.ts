import type { Generator, GeneratorDefinition, Namer } from './contracts/generator.ts'
import type { Storage } from './contracts/storage.ts'
import { errors } from './error-catalogue.ts'
import type { Hooks, Role } from './hooks.ts'
import type { Kernel } from './kernel.ts'
import type { Fingerprint } from './names/file-name.ts'
import { PluginScope } from './plugin-scope.ts'
import type { StateStore } from './state-store.ts'

/** A registered generator with the plugins that serve it. Each role is served by the innermost scope that taps it. */
export class RegisteredGenerator implements Generator {
  readonly id: string
  readonly definition: GeneratorDefinition
  readonly namer: Namer
  readonly prefix: string
  /** The scope of the generator's own plugins. */
  readonly own: PluginScope
  /** Kept once it is known, where it is the same for all files. */
  fingerprint: Fingerprint | undefined
  readonly #kernel: Kernel
  readonly #times: number
  /** Those that match, inner ones last. */
  readonly #scopes: readonly PluginScope[]
  readonly #serving = new Map<Role, PluginScope | undefined>()
  #storage: Storage | undefined
  #state: StateStore | undefined

  constructor(
    kernel: Kernel,
    id: string,
    definition: GeneratorDefinition,
    scopes: readonly PluginScope[],
    times: number,
  ) {
    this.id = id
    this.definition = definition
    this.namer = definition.namer ?? kernel.namer
    this.prefix = kernel.prefix
    this.own = new PluginScope(definition.plugins ?? [], id, `(#${id})`)
    this.#kernel = kernel
    this.#times = times
    this.#scopes = [...scopes.filter((scope) => scope.matches(id)), this.own]
  }

  get strategy(): Hooks | undefined {
    return this.#served('strategy')?.hooks
  }

  /** Names of the plugins that decide when. */
  get strategies(): readonly string[] {
    return this.#served('strategy')?.namesOf('strategy') ?? []
  }

  get backend(): Hooks | undefined {
    return this.#served('backend')?.hooks
  }

  /** Where sources are looked for, innermost first. */
  get sources(): readonly PluginScope[] {
    return sourcesOf(this.#scopes)
  }

  /** Enters the hash: the pattern of an inner scope that has sources of its own. */
  get salt(): string {
    return this.#served('source')?.path ?? ''
  }

  get storage(): Storage {
    this.#storage ??= this.#served('storage')?.hooks.storage.call(this)
    if (!this.#storage) throw errors.MISSING_ROLE({ role: 'storage', subject: this.id })
    return this.#storage
  }

  get state(): StateStore {
    if (this.#state) return this.#state
    const scope = this.#served('cache')
    const cache = scope?.hooks.cache.call(this)
    if (!scope || !cache) throw errors.MISSING_ROLE({ role: 'cache', subject: this.id })
    this.#state = this.#kernel.storeOf(cache, scope.namesOf('cache').join())
    return this.#state
  }

  /** The state that was asked for before, if any. */
  get stateInUse(): StateStore | undefined {
    return this.#state
  }

  /** Under which key the state of one of its files is kept: per storage, since another storage has other files. */
  stateKey(name: string): string {
    const scope = this.#served('storage')
    // Registered anew, a storage of its own may be another one.
    const times = scope === this.own && this.#times > 1 ? this.#times : ''
    return `${scope?.path ?? ''}${times}|${name}`
  }

  #served(role: Role): PluginScope | undefined {
    const innermost = () => this.#scopes.findLast((scope) => scope.serves(role))
    if (!this.#serving.has(role)) this.#serving.set(role, innermost())
    return this.#serving.get(role)
  }
}

/** The scopes that know sources, innermost first; the preset (the first scope) only where nobody else does. */
export function sourcesOf(scopes: readonly PluginScope[]): readonly PluginScope[] {
  const serving = scopes.filter((scope) => scope.serves('source'))
  return serving.filter((scope) => serving.length === 1 || scope !== scopes[0]).reverse()
}

/** What a kernel keeps behind a generator that it has handed out. */
export function registered(generator: Generator): RegisteredGenerator {
  return generator as RegisteredGenerator
}
