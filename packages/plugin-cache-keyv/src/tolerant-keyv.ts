import { Keyv, type KeyvOptions } from 'keyv'

/**
 * A Keyv that tells the truth: a store that fails makes it reject (by default it resolves as if nothing were there), and
 * a value that cannot be read counts as none (by default it rejects). Keys are left as they are.
 */
export function tolerantKeyv(options: KeyvOptions, namespace: string | undefined): Keyv {
  const deserialize = options.deserialize ?? new Keyv().deserialize
  const keyv = new Keyv({
    ...options,
    useKeyPrefix: false,
    throwOnErrors: true,
    async deserialize(text) {
      try {
        return await deserialize?.(text)
      } catch {
        return undefined
      }
    },
  })
  keyv.namespace = namespace
  return keyv
}
