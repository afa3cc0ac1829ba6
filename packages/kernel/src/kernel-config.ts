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
  readonly preset?: readonly Plugin[]
  /** Milliseconds since the epoch, for tests. @default Date.now */
  readonly now?: () => number
}

// Node's timers take longer times for 1 ms.
const longestTimer = 2 ** 31 - 1

type Check = readonly [expected: string, isValid: (value: unknown) => boolean]

const checks: Readonly<Record<keyof KernelConfig, Check>> = {
  plugins: ['a list of plugins and scopes', (value) => Array.isArray(value) && value.every(isPluginOrScope)],
  generators: ['an object of generators by id', isObject],
  sources: ['a list of source groups and plugins', (value) => Array.isArray(value) && value.every(isPluginOrGroup)],
  namer: [
    'a function or the name of a namer',
    (value) => typeof value === 'function' || Object.hasOwn(namers, String(value)),
  ],
  prefix: ['a relative path', (value) => typeof value === 'string' && isKey(value)],
  state: [
    `an object of milliseconds: ${Object.keys(defaultTimes).join(', ')}`,
    (value) => isObject(value) && Object.entries(value).every(isTime),
  ],
}

/**
 * Checks the keys and the shape of a config. What plugins and generators say of their own options is theirs to check.
 *
 * @throws INVALID_CONFIG with all mistakes.
 */
export function checkConfig(config: KernelConfig): void {
  if (!isObject(config)) throw errors.INVALID_CONFIG({ problems: 'it is not an object' })
  const problems = Object.entries(config).flatMap(([key, value]) => {
    if (!Object.hasOwn(checks, key)) return `\`${key}\` is unknown, expected ${Object.keys(checks).join(', ')}`
    const [expected, isValid] = checks[key as keyof KernelConfig]
    return value === undefined || isValid(value) ? [] : `\`${key}\` is not ${expected}`
  })
  if (problems.length > 0) throw errors.INVALID_CONFIG({ problems: problems.join('; ') })
}

function isPlugin(entry: unknown): boolean {
  return isObject(entry) && typeof entry.name === 'string' && typeof entry.apply === 'function'
}

function isPluginOrScope(entry: unknown): boolean {
  return isPlugin(entry) || (isForPattern(entry) && checks.plugins[1](entry.plugins))
}

function isPluginOrGroup(entry: unknown): boolean {
  return isPlugin(entry) || (isForPattern(entry) && typeof entry.items === 'function')
}

function isForPattern(entry: unknown): entry is Readonly<Record<string, unknown>> {
  return isObject(entry) && typeof entry.for === 'string'
}

function isTime([key, value]: [string, unknown]): boolean {
  if (!Object.hasOwn(defaultTimes, key) || typeof value !== 'number') return false
  const longest = key === 'exists' ? Number.POSITIVE_INFINITY : longestTimer
  return value >= (key === 'lease' ? 1 : 0) && value <= longest
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
