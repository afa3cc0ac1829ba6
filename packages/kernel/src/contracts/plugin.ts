import type { KernelEvents } from '../events.ts'
import type { Hooks } from '../hooks.ts'
import type { Kernel } from '../kernel.ts'

/** Where a plugin is being applied: the whole kernel, or the generators that match a pattern. */
export interface Scope {
  readonly hooks: Hooks
  readonly events: KernelEvents
  readonly kernel: Kernel
  /** Pattern of generator ids; `**` for the outermost scopes. */
  readonly pattern: string
  /** Makes a path absolute, relative to the config file or to the `directory` given to `createKernel`. */
  resolve(path: string): string
}

/** Releases what a plugin made in `apply`. */
export type Release = () => Promise<void> | void

/**
 * One ability. `apply` only taps: no I/O, and resources are made anew per call, since one plugin object may be applied in
 * several kernels.
 */
export interface Plugin {
  readonly name: string
  // biome-ignore lint/suspicious/noConfusingVoidType: an `apply` without a return statement must be assignable
  apply(scope: Scope): Release | void
}

/** Plugins for the generators that match a pattern; overrides what is outside, role by role. */
export interface ScopedPlugins {
  readonly for: string
  readonly plugins: readonly (Plugin | ScopedPlugins)[]
}
