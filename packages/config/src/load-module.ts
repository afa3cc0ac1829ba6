import { isLatentImageError } from '@latent-image/kernel'
import { createJiti } from 'jiti'
import { errors } from './errors.ts'

/**
 * Imports modules as the config file itself would: packages from its folder upwards, relative paths from its folder,
 * TypeScript on every supported Node. Packages are imported natively, so that there is one instance of each.
 */
export interface ModuleLoader {
  /** Absolute path or URL, or `undefined` where there is no such module. */
  resolve(name: string): string | undefined
  import(name: string): Promise<object>
}

export function createModuleLoader(configFile: string): ModuleLoader {
  // Without caches on disk nothing is written beside the user's files, and an edited config is read anew.
  const jiti = createJiti(configFile, { moduleCache: false, fsCache: false, interopDefault: false })
  return {
    resolve: (name) => jiti.esmResolve(name, { try: true }),
    import: (name) => jiti.import<object>(name),
  }
}

/**
 * Imports a config file and returns its default export.
 *
 * @throws CONFIG_SYNTAX, CONFIG_FAILED, NO_DEFAULT_EXPORT
 */
export async function loadCode(file: string): Promise<unknown> {
  const module = await createModuleLoader(file)
    .import(file)
    .catch((error: unknown) => {
      throw failureOf(file, error)
    })
  const { default: config, ...others } = module as Record<string, unknown>
  if (config !== undefined) return config
  const names = Object.keys(others).map((name) => `\`${name}\``)
  throw errors.NO_DEFAULT_EXPORT({ file, found: names.length > 0 ? `only ${names.join(', ')}` : 'no export at all' })
}

function failureOf(file: string, error: unknown): Error {
  const message = withoutInnerNames(error instanceof Error ? error.message : String(error))
  const place = placeOf(file, error) ?? file
  const syntax = /^ParseError: (.*)/.exec(message)?.[1]
  if (syntax) return errors.CONFIG_SYNTAX({ place, problem: syntax.trim() }, error)
  const missing = /Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1]
  if (missing) {
    const problem = `\`${missing}\` cannot be found`
    return errors.CONFIG_FAILED({ place, problem, advice: adviceToInstall(missing) }, error)
  }
  return errors.CONFIG_FAILED(
    { place, problem: message.replace(/\.$/, ''), advice: 'Mend what is on that line.' },
    error,
  )
}

/** A message that calls imports as the file does, not as what jiti compiles it to. */
function withoutInnerNames(message: string): string {
  return message.replace(/\(0 ?, ?\w+\.(\w+)\)/g, '`$1`')
}

/** What to do about a module that is not there. */
export function adviceToInstall(name: string): string {
  if (/^(?:[./]|[a-z]:[\\/]|file:)/i.test(name)) return 'Check the path; it is relative to the file that names it.'
  const parts = name.split('/', name.startsWith('@') ? 2 : 1)
  return `Install it: \`npm install ${parts.join('/')}\`.`
}

/**
 * The line that an error is about: the innermost outside of packages. An error of ours was thrown by one of our packages
 * about what the config file handed to it, so that for it the config file's own line counts.
 */
function placeOf(file: string, error: unknown): string | undefined {
  const lines = error instanceof Error ? `${error.stack}`.split('\n') : []
  const places = lines.flatMap((text) => {
    const [, path, line] =
      /(?:^|at |\()\s*(?:file:\/\/)?(\/[^()]*|[a-z]:[\\/][^()]*):(\d+):\d+\)?\s*$/i.exec(text) ?? []
    return path ? [{ path, place: `${path}:${line}` }] : []
  })
  const own = places.find(({ path }) => path === file)
  if (isLatentImageError(error)) return own?.place
  return (places.find(({ path }) => !/[\\/]node_modules[\\/]/.test(path)) ?? own)?.place
}
