import type { Scope, StateCache } from '@latent-image/kernel'
import { type KeyvCacheOptions, keyvCache } from '@latent-image/plugin-cache-keyv'

/** Applies the plugin to a scope that only collects the tap, and returns what it taps. */
export function openCache(options?: KeyvCacheOptions): { cache: StateCache; release: () => Promise<void> } {
  const taps: (() => StateCache)[] = []
  const hooks = { cache: { tap: (_name: string, tap: () => StateCache) => taps.push(tap) } }
  const release = keyvCache(options).apply({ hooks } as unknown as Scope)
  const cache = taps[0]?.()
  if (!cache) throw new Error('The plugin has not tapped `cache`.')
  return { cache, release: async () => release?.() }
}
