import { checkOptions, type Plugin } from '@latent-image/kernel'
import * as v from 'valibot'

const name = 'strategy-optimistic'
const schema = v.strictObject({})

/**
 * Generates when a source is saved, and trusts from then on: `exists()` is true of every file with a source, without
 * asking cache or storage.
 *
 * @throws INVALID_OPTIONS: it takes none.
 */
export function optimistic(options?: Readonly<Record<string, never>>): Plugin {
  checkOptions(name, schema, options)
  return {
    name,
    apply({ hooks }) {
      hooks.sourceSaved.tapPromise(name, (file) => file.generate())
      hooks.verifyExistence.tap(name, () => false)
    },
  }
}
