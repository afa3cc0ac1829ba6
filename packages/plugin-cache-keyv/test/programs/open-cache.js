import { keyvCache } from '@latent-image/plugin-cache-keyv'

/** Applies the plugin to a scope that only collects the tap, and returns what it taps. */
export function openCache(options) {
  const taps = []
  const release = keyvCache(options).apply({ hooks: { cache: { tap: (_name, tap) => taps.push(tap) } } })
  return { cache: taps[0](), release }
}
