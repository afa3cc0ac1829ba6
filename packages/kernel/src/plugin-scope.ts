import type { Plugin, ScopedPlugins } from './contracts/plugin.ts'
import { errors } from './error-catalogue.ts'
import { isLatentImageError } from './errors.ts'
import { createHooks, type Hooks, type RegisteredTap, type Role, roleOfHook, type TapFunction } from './hooks.ts'
import { compilePattern } from './pattern.ts'

const single: ReadonlySet<Role> = new Set(['storage', 'cache', 'backend'])

/** Applies a plugin with the view of one scope; the kernel knows how. */
export type ApplyPlugin = (plugin: Plugin, scope: PluginScope) => void

/** A set of plugins that is valid for the generators that match its pattern, and for its enclosing scopes' patterns. */
export class PluginScope {
  readonly hooks: Hooks
  /** Tells this scope from the others, in every process that has the same config. */
  readonly path: string
  readonly pattern: string
  /** Deeper is further in. */
  readonly depth: number
  readonly #matches: (id: string) => boolean
  readonly #tappedBy = new Map<Role, Set<Plugin>>()
  #applying: Plugin | undefined

  constructor(pattern: string, path: string, depth: number, matches = compilePattern(pattern)) {
    this.pattern = pattern
    this.path = path
    this.depth = depth
    this.#matches = matches
    this.hooks = createHooks((hook, tap) => this.#register(hook, tap))
  }

  /** Applies plugins, and those of nested scopes; returns this scope and the nested ones, inner ones last. */
  apply(plugins: readonly (Plugin | ScopedPlugins)[], apply: ApplyPlugin): PluginScope[] {
    const nested: PluginScope[] = []
    for (const entry of plugins) {
      if (!('apply' in entry)) {
        nested.push(...this.#inner(entry.for).apply(entry.plugins, apply))
        continue
      }
      this.#applying = entry
      apply(entry, this)
      this.#applying = undefined
    }
    return [this, ...nested]
  }

  #inner(pattern: string): PluginScope {
    const matches = compilePattern(pattern)
    return new PluginScope(pattern, `${this.path}(${pattern})`, this.depth + 1, (id) => this.matches(id) && matches(id))
  }

  matches(id: string): boolean {
    return this.#matches(id)
  }

  /** Whether a plugin of this scope taps a hook of the role. */
  serves(role: Role): boolean {
    return this.#tappedBy.has(role)
  }

  /** Names of the plugins that tap a hook of the role. */
  namesOf(role: Role): string[] {
    return [...(this.#tappedBy.get(role) ?? [])].map(({ name }) => name)
  }

  #register(hook: keyof Hooks, tap: RegisteredTap): RegisteredTap {
    const plugin = this.#applying
    if (!plugin) throw errors.KERNEL_STARTED({ hook })
    const role = roleOfHook[hook]
    const tapping = this.#tappedBy.get(role) ?? new Set()
    this.#tappedBy.set(role, tapping.add(plugin))
    if (single.has(role) && tapping.size > 1) {
      throw errors.DUPLICATE_ROLE({ role, plugins: this.namesOf(role), pattern: this.pattern })
    }
    return { ...tap, fn: named(tap, plugin.name, hook) }
  }
}

/** Makes the errors of a tap name the plugin; a `LatentImageError` passes as it is. */
function named({ type, fn }: RegisteredTap, plugin: string, hook: string): TapFunction {
  const wrap = (error: unknown) => (isLatentImageError(error) ? error : errors.PLUGIN_FAILED({ plugin, hook }, error))
  if (type === 'promise') {
    return async (...args) => {
      try {
        return await fn(...args)
      } catch (error) {
        throw wrap(error)
      }
    }
  }
  return (...args) => {
    if (type === 'async') {
      const callback = args.pop() as (error: unknown, result?: unknown) => void
      args.push((error: unknown, result?: unknown) => callback(error ? wrap(error) : error, result))
    }
    try {
      return fn(...args)
    } catch (error) {
      throw wrap(error)
    }
  }
}
