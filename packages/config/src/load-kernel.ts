import { dirname } from 'node:path'
import {
  createKernel,
  isLatentImageError,
  type KernelConfig,
  type KernelOf,
  LatentImageError,
} from '@latent-image/kernel'
import { presetDefault } from '@latent-image/preset-default'
import { findConfig } from './find-config.ts'
import { reportOf } from './mistakes.ts'
import { resolveConfig } from './resolve-config.ts'

export interface LoadKernelOptions {
  /** Where to begin to look for a config file, upwards. @default process.cwd() */
  readonly cwd?: string
  /** The config file, relative to `cwd`, instead of looking for one. */
  readonly file?: string
}

/**
 * Finds and loads the config file and returns its kernel, with the default preset for the roles that nobody serves.
 * Without a config file the preset is all there is, and paths are relative to `cwd`.
 *
 * Where the config's type is given, `loadKernel<typeof config>()`, the kernel knows the ids of its generators.
 *
 * @throws CONFIG_NOT_FOUND, CONFIG_SYNTAX, CONFIG_FAILED, NO_DEFAULT_EXPORT, INVALID_CONFIG, and what `createKernel` throws.
 */
export async function loadKernel<Config extends KernelConfig = KernelConfig>(
  options: LoadKernelOptions = {},
): Promise<KernelOf<Config['generators']>> {
  const { cwd = process.cwd(), file } = options
  const found = await findConfig({ cwd, ...(file !== undefined && { file }) })
  const config = (found ? await resolveConfig(found) : {}) as Config
  const directory = found ? dirname(found.path) : cwd
  try {
    return createKernel(config, { directory, preset: presetDefault() })
  } catch (error) {
    if (!found || !isLatentImageError(error)) throw error
    const report = reportOf(found.path, [{ path: '', problem: error.message }])
    throw new LatentImageError(error.code, report, { cause: error, fault: error.fault })
  }
}
