import { checkOptions, type Plugin } from '@latent-image/kernel'
import * as v from 'valibot'

const name = 'strategy-jit'
const schema = v.strictObject({})

/**
 * Generates just in time: when content or existence is required. What is fresh is known from state, so only the first
 * request of a file pays.
 *
 * @throws INVALID_OPTIONS: it takes none.
 */
export function jit(options?: Readonly<Record<string, never>>): Plugin {
  checkOptions(name, schema, options)
  return {
    name,
    apply({ hooks }) {
      hooks.contentRequired.tapPromise(name, (file) => file.generate())
      hooks.existenceRequired.tapPromise(name, (file) => file.generate())
    },
  }
}
