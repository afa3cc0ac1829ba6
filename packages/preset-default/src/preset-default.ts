import { checkOptions, type Plugin } from '@latent-image/kernel'
import { type ImmediateOptions, immediate } from '@latent-image/plugin-backend-immediate'
import { type KeyvCacheOptions, keyvCache } from '@latent-image/plugin-cache-keyv'
import { type FsStorageOptions, fsStorage } from '@latent-image/plugin-storage-fs'
import { jit } from '@latent-image/plugin-strategy-jit'
import * as v from 'valibot'

export interface PresetDefaultOptions {
  /** Where files are. @default the options' defaults of `fsStorage` */
  readonly storage?: FsStorageOptions
  /** Where it is kept what is known of them. @default memory, as `keyvCache()` does */
  readonly cache?: KeyvCacheOptions
  /** How many are made at a time. @default the options' defaults of `immediate` */
  readonly backend?: ImmediateOptions
}

const schema = v.strictObject({
  storage: v.optional(v.unknown()),
  cache: v.optional(v.unknown()),
  backend: v.optional(v.unknown()),
})

/**
 * Makes one plugin for each role: files on the file system, state in memory, generated just in time and at once.
 *
 * @throws INVALID_OPTIONS
 */
export function presetDefault(options?: PresetDefaultOptions): readonly Plugin[] {
  checkOptions('preset-default', schema, options)
  return [fsStorage(options?.storage), keyvCache(options?.cache), immediate(options?.backend), jit()]
}
