import { checkOptions, type Plugin } from '@latent-image/kernel'
import { createStateCache } from './create-state-cache.ts'
import { type KeyvCacheOptions, optionsSchema } from './options.ts'

const name = 'cache-keyv'

/** Keeps what is known of files in memory, in Redis, or in any Keyv store. */
export function keyvCache(options?: KeyvCacheOptions): Plugin {
  const checked = checkOptions(name, optionsSchema, options)
  return {
    name,
    apply({ hooks }) {
      const [cache, release] = createStateCache(checked)
      hooks.cache.tap(name, () => cache)
      return release
    },
  }
}
