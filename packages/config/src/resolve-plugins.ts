import { isLatentImageError, type Plugin, type ScopedPlugins } from '@latent-image/kernel'
import { importNamed, messageOf, type Surroundings } from './import-named.ts'
import { isRecord } from './is-record.ts'
import { didYouMean, pathTo, shown } from './mistakes.ts'

export type Entry = Plugin | ScopedPlugins

const published = [
  'strategy-jit',
  'strategy-optimistic',
  'backend-immediate',
  'backend-async',
  'backend-bullmq',
  'storage-fs',
  'storage-memory',
  'cache-keyv',
  'sources-glob',
].map((name) => `@latent-image/plugin-${name}`)

/** Turns a list of plugins as it stands in a config into plugins; what is wrong with it goes into `mistakes`. */
export async function resolvePlugins(list: unknown, path: string, surroundings: Surroundings): Promise<Entry[]> {
  if (!Array.isArray(list)) {
    surroundings.mistakes.add(path, `Found ${shown(list)}, expected a list of plugins.`)
    return []
  }
  const resolved: Entry[] = []
  for (const [index, entry] of list.entries()) {
    const plugin = await resolveEntry(entry, pathTo(path, index), surroundings)
    if (plugin) resolved.push(plugin)
  }
  return resolved
}

async function resolveEntry(entry: unknown, path: string, surroundings: Surroundings): Promise<Entry | undefined> {
  if (isRecord(entry) && ('for' in entry || 'plugins' in entry)) return resolveScope(entry, path, surroundings)
  return resolvePlugin(entry, path, surroundings, 'a plugin, a package name, `[name, options]` or `{ for, plugins }`')
}

/** Turns one plugin, or its name, or its name with options, into the plugin. */
export async function resolvePlugin(
  entry: unknown,
  path: string,
  surroundings: Surroundings,
  expected: string,
): Promise<Plugin | undefined> {
  if (isPlugin(entry)) return entry
  if (typeof entry === 'string') return resolveNamed(entry, undefined, path, surroundings)
  if (Array.isArray(entry) && typeof entry[0] === 'string' && entry.length <= 2) {
    return resolveNamed(entry[0], entry[1], path, surroundings)
  }
  const advice = typeof entry === 'function' ? `Call it: \`${entry.name || '…'}({ … })\`.` : undefined
  surroundings.mistakes.add(path, `Found ${shown(entry)}, expected ${expected}.`, advice)
  return undefined
}

async function resolveScope(
  scope: Record<string, unknown>,
  path: string,
  surroundings: Surroundings,
): Promise<ScopedPlugins | undefined> {
  const { mistakes } = surroundings
  for (const key of Object.keys(scope).filter((key) => key !== 'for' && key !== 'plugins')) {
    const advice = didYouMean(key, ['for', 'plugins'])
    mistakes.add(pathTo(path, key), 'Found an unknown key, expected only `for` and `plugins`.', advice)
  }
  const pattern = scope.for
  if (typeof pattern !== 'string' || pattern === '') {
    mistakes.add(
      pathTo(path, 'for'),
      `Found ${shown(pattern)}, expected a pattern of generator ids, such as \`shop:**\`.`,
    )
  }
  const plugins = await resolvePlugins(scope.plugins, pathTo(path, 'plugins'), surroundings)
  return typeof pattern === 'string' ? { for: pattern, plugins } : undefined
}

async function resolveNamed(
  name: string,
  options: unknown,
  path: string,
  surroundings: Surroundings,
): Promise<Plugin | undefined> {
  const { mistakes } = surroundings
  const module = await importNamed(name, path, surroundings, adviceOn(name))
  if (!module) return undefined
  const factory = factoryIn(module)
  if (factory === undefined) {
    const problem = `The default export of ${shown(name)} is not a function, expected one that makes a plugin.`
    mistakes.add(path, problem, adviceToCheck(name))
    return undefined
  }
  try {
    const plugin = factory(options)
    if (isPlugin(plugin)) return plugin
    const problem = `The default export of ${shown(name)} returned ${shown(plugin)}, expected a plugin.`
    mistakes.add(path, problem, adviceToCheck(name))
  } catch (error) {
    const place = options === undefined ? path : pathTo(path, 1)
    if (isLatentImageError(error)) mistakes.add(place, error.message)
    else mistakes.add(place, `The default export of ${shown(name)} failed: ${messageOf(error)}`, adviceToCheck(name))
  }
  return undefined
}

/** What may be meant by a name that leads to nothing. */
function adviceOn(name: string): string | undefined {
  const full = published.find((candidate) => candidate.endsWith(`-${name}`) || candidate.endsWith(`/${name}`))
  return full ? `Names are written in full: \`${full}\`.` : didYouMean(name, published)
}

type Factory = (options: unknown) => unknown

function factoryIn(module: object): Factory | undefined {
  const exported: unknown = 'default' in module ? module.default : undefined
  // What TypeScript compiles to CommonJS has its default export one level further down.
  const factory = isRecord(exported) ? exported.default : exported
  return typeof factory === 'function' ? (factory as Factory) : undefined
}

function isPlugin(value: unknown): value is Plugin {
  return isRecord(value) && typeof value.name === 'string' && typeof value.apply === 'function'
}

function adviceToCheck(name: string): string {
  return `Check that ${shown(name)} is a plugin of Latent Image, and its options.`
}
