import type { Plugin, Release, Scope, ScopedPlugins } from './contracts/plugin.ts'
import { errors } from './error-catalogue.ts'
import { isLatentImageError } from './errors.ts'
import { createHooks, type Hooks, isSync, type Role, roleOf, type Tap } from './hooks.ts'
import { compilePattern } from './pattern.ts'

const single: ReadonlySet<Role> = new Set(['storage', 'cache', 'backend'])

/** A set of plugins that is valid for the generators that match its pattern, and the patterns of the scopes around it. */
export class PluginScope {
  readonly hooks: Hooks = createHooks((hook, tap) => this.#register(hook, tap))
  readonly pattern: string
  /** Tells this scope from the others, in every process that has the same config. */
  readonly path: string
  readonly nested: readonly PluginScope[]
  readonly matches: (id: string) => boolean
  /** Valid for every generator, and so for sources as such. */
  readonly isGlobal: boolean
  readonly #plugins: readonly Plugin[]
  readonly #serving = new Map<Role, Set<{ readonly plugin: string }>>()
  readonly #releases: Release[] = []
  #applying: { readonly plugin: string } | undefined

  constructor(entries: readonly (Plugin | ScopedPlugins)[], pattern = '**', path = '', outer?: PluginScope) {
    const isMatch = compilePattern(pattern)
    this.pattern = pattern
    this.path = path
    this.matches = (id) => isMatch(id) && (outer === undefined || outer.matches(id))
    this.isGlobal = pattern === '**' && (outer === undefined || outer.isGlobal)
    this.#plugins = entries.filter((entry) => 'apply' in entry)
    const scoped = entries.filter((entry): entry is ScopedPlugins => !('apply' in entry))
    this.nested = scoped.map((inner) => new PluginScope(inner.plugins, inner.for, `${path}(${inner.for})`, this))
  }

  /** Has the plugins tap. Nothing can be tapped afterwards. */
  apply(surroundings: Omit<Scope, 'hooks' | 'pattern'>): void {
    for (const plugin of this.#plugins) {
      this.#applying = { plugin: plugin.name }
      const release = plugin.apply({ ...surroundings, hooks: this.hooks, pattern: this.pattern })
      if (release) this.#releases.unshift(release)
    }
    this.#applying = undefined
  }

  /** Hands over what releases the plugins' resources, the last one's first. */
  takeReleases(): Release[] {
    return this.#releases.splice(0)
  }

  serves(role: Role): boolean {
    return this.#serving.has(role)
  }

  /** Names of the plugins that tap a hook of the role. */
  namesOf(role: Role): string[] {
    return Array.from(this.#serving.get(role) ?? [], ({ plugin }) => plugin)
  }

  #register(hook: keyof Hooks, tap: Tap): Tap {
    if (!this.#applying) throw errors.KERNEL_STARTED({ hook })
    const role = roleOf(hook)
    const serving = this.#serving.get(role) ?? new Set()
    this.#serving.set(role, serving.add(this.#applying))
    if (single.has(role) && serving.size > 1) {
      throw errors.DUPLICATE_ROLE({ role, plugins: this.namesOf(role), pattern: this.pattern })
    }
    return named(tap, this.#applying.plugin, hook)
  }
}

/** Makes the errors of a tap name the plugin; a `LatentImageError` passes as it is. */
function named({ type, fn, ...tap }: Tap, plugin: string, hook: keyof Hooks): Tap {
  const wrap = (error: unknown) => (isLatentImageError(error) ? error : errors.PLUGIN_FAILED({ plugin, hook }, error))
  const sync: Tap['fn'] = (...input) => {
    try {
      return fn(...input)
    } catch (error) {
      throw wrap(error)
    }
  }
  if (isSync(hook)) return { ...tap, type, fn: sync }
  // Whatever is returned, a promise or not, becomes a callback: another promise around each would cost every reader.
  const async: Tap['fn'] = (...input) => {
    const done = input.pop() as (error: unknown, result?: unknown) => void
    const failed = (error: unknown) => done(wrap(error))
    try {
      if (type === 'async')
        fn(...input, (error: unknown, result: unknown) => (error ? failed(error) : done(null, result)))
      else Promise.resolve(fn(...input)).then((result) => done(null, result), failed)
    } catch (error) {
      failed(error)
    }
  }
  return { ...tap, type: 'async', fn: async }
}
