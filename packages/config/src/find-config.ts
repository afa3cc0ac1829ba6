import { basename, extname, resolve } from 'node:path'
import { isLatentImageError } from '@latent-image/kernel'
import { cosmiconfig, type Loader } from 'cosmiconfig'
import { errors } from './errors.ts'
import { loadCode } from './load-module.ts'
import { parseJson, parseYaml } from './parse-data.ts'

const name = 'latent-image'
const extensions = ['ts', 'mts', 'js', 'mjs', 'cjs', 'json', 'yaml', 'yml']

// Their errors must be ours: cosmiconfig passes over a file whose loader fails with the code of a missing file.
const code = withoutNull(loadCode)
const json = withoutNull(parseJson)
const loaders: Readonly<Record<string, Loader>> = {
  '.ts': code,
  '.mts': code,
  '.js': code,
  '.mjs': code,
  '.cjs': code,
  '.json': json,
  '.yaml': parseYaml,
  '.yml': parseYaml,
  noExt: parseYaml,
}

/** Where a config may be, in the order in which a folder is searched. */
export const searchPlaces: readonly string[] = [
  ...extensions.map((extension) => `${name}.config.${extension}`),
  `.${name}rc`,
  ...extensions.map((extension) => `.${name}rc.${extension}`),
  'package.json',
]

/** A config file as it was found, not checked yet. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string
  readonly content: unknown
  /** Where in the file the config is: the key in package.json, empty elsewhere. */
  readonly top: string
}

/**
 * Finds a config from a folder upwards, or reads the given file.
 *
 * @throws CONFIG_NOT_FOUND, CONFIG_SYNTAX, CONFIG_FAILED, NO_DEFAULT_EXPORT, INVALID_CONFIG
 */
export async function findConfig(options: { cwd: string; file?: string }): Promise<ConfigFile | undefined> {
  const explorer = cosmiconfig(name, {
    searchPlaces: [...searchPlaces],
    searchStrategy: 'project',
    // A file that was written and is empty is a config without keys, not a reason to look further up.
    ignoreEmptySearchPlaces: false,
    cache: false,
    loaders,
  })
  const path = options.file === undefined ? undefined : resolve(options.cwd, options.file)
  try {
    const found = path === undefined ? await explorer.search(options.cwd) : await explorer.load(path)
    if (!found) return undefined
    const { filepath, config, isEmpty } = found
    if (basename(filepath) === 'package.json') return { path: filepath, content: isEmpty ? {} : config, top: name }
    // cosmiconfig hands no empty file to its loader, which knows whether such a one may be.
    const content: unknown = isEmpty ? await loaders[extname(filepath) || 'noExt']?.(filepath, '') : config
    return { path: filepath, content: content ?? {}, top: '' }
  } catch (error) {
    if (isLatentImageError(error) || path === undefined) throw error
    throw errors.CONFIG_NOT_FOUND({ file: path }, error)
  }
}

/** Refuses `null`, for which cosmiconfig would look further. */
function withoutNull(load: Loader): Loader {
  return async (file, text) => {
    const content: unknown = await load(file, text)
    if (content !== null) return content
    throw errors.INVALID_CONFIG({ file, mistakes: [{ path: '', problem: 'Found `null`, expected an object.' }] })
  }
}
