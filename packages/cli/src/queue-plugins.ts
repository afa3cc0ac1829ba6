import type { Kernel, KernelConfig, Plugin, ScopedPlugins } from '@latent-image/kernel'

declare module '@latent-image/kernel' {
  interface EventPayloads {
    /** A worker has lost the Redis of its queue: once per outage. */
    queueUnavailable: { readonly plugin: string; readonly queue: string; readonly error: unknown }
    /** A worker has the Redis of its queue back. */
    queueRestored: { readonly plugin: string; readonly queue: string }
  }
}

/** Works on a queue until it is closed. */
export interface QueueWorker {
  /** Takes no other job, and resolves when those under way are done or the limit (in milliseconds) is over. */
  close(limit?: number): Promise<void>
}

/** A backend with a queue that other processes can work on, such as that of `@latent-image/plugin-backend-bullmq`. */
export interface QueuePlugin extends Plugin {
  work(kernel: Kernel, options: { readonly concurrency: number }): QueueWorker
}

/** The backends of a config, in whichever scope, that have such a queue. */
export function queuePluginsOf({ plugins = [], sources = [], generators = {} }: KernelConfig): Set<QueuePlugin> {
  const brought = sources.filter((entry) => 'apply' in entry)
  const own = Object.values(generators).flatMap((definition) => definition.plugins ?? [])
  return new Set([...plugins, ...brought, ...own].flatMap((entry) => flattened(entry)).filter(hasQueue))
}

function flattened(entry: Plugin | ScopedPlugins): Plugin[] {
  return 'apply' in entry ? [entry] : entry.plugins.flatMap((inner) => flattened(inner))
}

function hasQueue(plugin: Plugin): plugin is QueuePlugin {
  return 'work' in plugin && typeof plugin.work === 'function'
}
