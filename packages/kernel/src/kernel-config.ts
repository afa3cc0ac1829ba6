import type { GeneratorDefinition, Namer } from './contracts/generator.ts'
import type { Plugin, ScopedPlugins } from './contracts/plugin.ts'
import type { TiedSourceGroup } from './contracts/source.ts'
import { errors } from './error-catalogue.ts'
import { namers } from './names/namers.ts'
import { defaultTimes, type StateTimes } from './state.ts'
import { isKey } from './storage-key.ts'

export type GeneratorMap = Readonly<Record<string, GeneratorDefinition>>

/** What a kernel is made from. */
export interface KernelConfig<Generators extends GeneratorMap = GeneratorMap> {
  /** Plugins of the outermost scope, and inner scopes. @default [] */
  readonly plugins?: readonly (Plugin | ScopedPlugins)[]
  /** Generators by id. @default {} */
  readonly generators?: Generators
  /** Source groups with the generators they feed, or plugins that bring them. @default [] */
  readonly sources?: readonly (TiedSourceGroup | Plugin)[]
  /** @default 'sourceNameAsPath' */
  readonly namer?: Namer | 'sourceNameAsPath' | 'sourceNameDotHash' | 'hash'
  /** What the names of files begin with. @default 'CACHE/images' */
  readonly prefix?: string
  /** How long what is known is believed, in milliseconds. */
  readonly state?: Partial<StateTimes>
}

export interface KernelOptions {
  /** What relative paths in the options of plugins start from. @default process.cwd() */
  readonly directory?: string
  /** The outermost scope: serves the roles that no other plugin serves. @default [] */
  readonly preset?: readonly (Plugin | ScopedPlugins)[]
  /** Milliseconds since the epoch, for tests. @default Date.now */
  readonly now?: () => number
}

const keys = ['plugins', 'generators', 'sources', 'namer', 'prefix', 'state']

/**
 * Checks the shape of a config. What plugins and generators say of their own options is theirs to check.
 *
 * @throws INVALID_CONFIG with all mistakes.
 */
export function checkConfig(config: KernelConfig): void {
  if (!isObject(config))
    throw errors.INVALID_CONFIG({ problems: [`expected an object, found ${JSON.stringify(config)}`] })
  const {
    plugins = [],
    generators = {},
    sources = [],
    namer = 'sourceNameAsPath',
    prefix = 'CACHE/images',
    state = {},
  } = config
  const problems = [
    ...unknown('', config, keys),
    ...(Array.isArray(plugins)
      ? plugins.flatMap((entry, index) => pluginProblems(`plugins[${index}]`, entry))
      : ['`plugins` is no array']),
    ...(isObject(generators) ? [] : ['`generators` is no object']),
    ...(Array.isArray(sources)
      ? sources.flatMap((entry, index) => sourceProblems(`sources[${index}]`, entry))
      : ['`sources` is no array']),
    ...(typeof namer === 'function' || Object.hasOwn(namers, String(namer))
      ? []
      : [`\`namer\` is \`${String(namer)}\`, expected a function or one of ${Object.keys(namers).join(', ')}`]),
    ...(typeof prefix === 'string' && isKey(prefix)
      ? []
      : [`\`prefix\` is ${JSON.stringify(prefix)}, expected a relative path`]),
    ...(isObject(state) ? stateProblems(state) : ['`state` is no object']),
  ]
  if (problems.length > 0) throw errors.INVALID_CONFIG({ problems })
}

function pluginProblems(path: string, entry: unknown): string[] {
  if (!isObject(entry)) return [`\`${path}\` is no plugin`]
  if (!('plugins' in entry)) return isPlugin(entry) ? [] : [`\`${path}\` is no plugin: it needs \`name\` and \`apply\``]
  if (typeof entry.for !== 'string' || !Array.isArray(entry.plugins))
    return [`\`${path}\` needs a pattern \`for\` and an array \`plugins\``]
  return entry.plugins.flatMap((inner: unknown, index) => pluginProblems(`${path}.plugins[${index}]`, inner))
}

function sourceProblems(path: string, entry: unknown): string[] {
  if (isObject(entry) && (isPlugin(entry) || (typeof entry.for === 'string' && typeof entry.items === 'function')))
    return []
  return [`\`${path}\` is no source group: it needs a pattern \`for\` and a function \`items\``]
}

function stateProblems(state: Readonly<Record<string, unknown>>): string[] {
  const wrong = Object.entries(state).filter(([, time]) => !(typeof time === 'number' && time >= 0))
  return [
    ...unknown('state.', state, Object.keys(defaultTimes)),
    ...wrong.map(([key]) => `\`state.${key}\` is no number of milliseconds`),
  ]
}

function unknown(path: string, value: object, known: readonly string[]): string[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `\`${path}${key}\` is unknown, expected one of ${known.join(', ')}`)
}

function isPlugin(entry: Readonly<Record<string, unknown>>): boolean {
  return typeof entry.name === 'string' && typeof entry.apply === 'function'
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
