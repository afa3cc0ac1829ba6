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

export interface LoadConfigOptions {
  /** Where to begin to look for a config file, upwards. @default process.cwd() */
  readonly cwd?: string
  /** The config file, relative to `cwd`, instead of looking for one. */
  readonly file?: string
}

/** A config that is ready for a kernel: what was written by name has been imported. */
export interface LoadedConfig<Config extends KernelConfig = KernelConfig> {
  /** Absolute path of the file, or undefined where there is none. */
  readonly file: string | undefined
  /** What paths in it are relative to. */
  readonly directory: string
  readonly config: Config
}

/**
 * Finds, loads and checks the config file. Without one the config is empty, and relative to `cwd`.
 *
 * @throws CONFIG_NOT_FOUND, CONFIG_SYNTAX, CONFIG_FAILED, NO_DEFAULT_EXPORT, INVALID_CONFIG
 */
export async function loadConfig<Config extends KernelConfig = KernelConfig>(
  options: LoadConfigOptions = {},
): Promise<LoadedConfig<Config>> {
  const { cwd = process.cwd(), file } = options
  const found = await findConfig({ cwd, ...(file !== undefined && { file }) })
  if (!found) return { file: undefined, directory: cwd, config: {} as Config }
  return { file: found.path, directory: dirname(found.path), config: (await resolveConfig(found)) as Config }
}

/**
 * Makes a kernel of a loaded config, with the default preset for the roles that nobody serves.
 *
 * @throws What `createKernel` throws; the message then names the file.
 */
export function kernelOf<Config extends KernelConfig>(loaded: LoadedConfig<Config>): KernelOf<Config['generators']> {
  const { file, directory, config } = loaded
  try {
    return createKernel(config, { directory, preset: presetDefault() })
  } catch (error) {
    if (!file || !isLatentImageError(error)) throw error
    const report = reportOf(file, [{ path: '', problem: error.message }])
    throw new LatentImageError(error.code, report, { cause: error, fault: error.fault })
  }
}

/**
 * Finds and loads the config file and returns its kernel, with the default preset for the roles that nobody serves.
 *
 * Where the config's type is given, `loadKernel<typeof config>()`, the kernel knows the ids of its generators.
 *
 * @throws What {@link loadConfig} and `createKernel` throw.
 */
export async function loadKernel<Config extends KernelConfig = KernelConfig>(
  options?: LoadConfigOptions,
): Promise<KernelOf<Config['generators']>> {
  return kernelOf(await loadConfig<Config>(options))
}
