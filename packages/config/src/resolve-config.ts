import { createKernel, isKey, isLatentImageError, type KernelConfig, type StateTimes } from '@latent-image/kernel'
import type { Config } from './define-config.ts'
import { errors } from './errors.ts'
import type { ConfigFile } from './find-config.ts'
import type { Surroundings } from './import-named.ts'
import { isRecord } from './is-record.ts'
import { createModuleLoader } from './load-module.ts'
import { didYouMean, Mistakes, pathTo, shown } from './mistakes.ts'
import { resolveGenerators } from './resolve-generators.ts'
import { type Entry, resolvePlugin, resolvePlugins } from './resolve-plugins.ts'
import { resolveProcessors } from './resolve-processors.ts'

const keys = Object.keys({
  plugins: true,
  processors: true,
  generators: true,
  sources: true,
  namer: true,
  prefix: true,
  state: true,
} satisfies Record<keyof Config, true>)

const times = Object.keys({
  exists: true,
  absent: true,
  failed: true,
  failedAtMost: true,
  lease: true,
  memory: true,
  wait: true,
  source: true,
} satisfies Record<keyof StateTimes, true>)

const namers: readonly string[] = ['sourceNameAsPath', 'sourceNameDotHash', 'hash'] satisfies KernelConfig['namer'][]

/**
 * Turns a config file's content into what `createKernel` takes: what is written by name is imported, and what is wrong is
 * told at once.
 *
 * @throws INVALID_CONFIG with every mistake.
 */
export async function resolveConfig({ path: file, content, top }: ConfigFile): Promise<KernelConfig> {
  const mistakes = new Mistakes()
  if (!isRecord(content)) {
    const advice = typeof content === 'function' ? 'Export the object itself; top-level `await` works.' : undefined
    mistakes.add(top, `Found ${shown(content)}, expected an object.`, advice)
    throw errors.INVALID_CONFIG({ file, mistakes: mistakes.list })
  }
  checkKeys(content, top, keys, mistakes)
  const { processors = [], ...forKernel } = content
  const { plugins = [], generators = {}, sources = [], namer, prefix, state } = forKernel
  const surroundings = { modules: createModuleLoader(file), mistakes }
  const config = {
    ...forKernel,
    plugins: await resolvePlugins(plugins, pathTo(top, 'plugins'), surroundings),
    generators: await resolveGenerators(
      generators,
      pathTo(top, 'generators'),
      await resolveProcessors(processors, pathTo(top, 'processors'), surroundings),
      mistakes,
    ),
    sources: await resolveSources(sources, pathTo(top, 'sources'), surroundings),
  }
  if (namer !== undefined) checkNamer(namer, pathTo(top, 'namer'), mistakes)
  if (prefix !== undefined && !(typeof prefix === 'string' && isKey(prefix))) {
    mistakes.add(pathTo(top, 'prefix'), `Found ${shown(prefix)}, expected a relative path, such as \`CACHE/images\`.`)
  }
  if (state !== undefined) checkState(state, pathTo(top, 'state'), mistakes)
  if (mistakes.list.length === 0) return config as KernelConfig
  await composeAnyway(config.plugins, pathTo(top, 'plugins'), mistakes)
  throw errors.INVALID_CONFIG({ file, mistakes: mistakes.list })
}

/** Finds what a kernel would refuse of plugins, such as two of one role: no kernel is made of a config with mistakes. */
async function composeAnyway(plugins: readonly Entry[], path: string, mistakes: Mistakes): Promise<void> {
  try {
    await createKernel({ plugins }).close()
  } catch (error) {
    if (isLatentImageError(error)) mistakes.add(path, error.message)
  }
}

function checkKeys(value: Record<string, unknown>, path: string, known: readonly string[], mistakes: Mistakes): void {
  for (const key of Object.keys(value).filter((key) => !known.includes(key))) {
    const expected = known.map((name) => `\`${name}\``).join(', ')
    mistakes.add(pathTo(path, key), `Found an unknown key, expected one of ${expected}.`, didYouMean(key, known))
  }
}

async function resolveSources(list: unknown, path: string, surroundings: Surroundings): Promise<unknown[]> {
  const { mistakes } = surroundings
  if (!Array.isArray(list)) {
    mistakes.add(path, `Found ${shown(list)}, expected a list of source groups.`)
    return []
  }
  const resolved: unknown[] = []
  for (const [index, entry] of list.entries()) {
    const place = pathTo(path, index)
    if (!isRecord(entry) || 'apply' in entry) {
      const expected = 'a source group: `{ for, items, includes?, watch? }`, a plugin, or its name'
      resolved.push(await resolvePlugin(entry, place, surroundings, expected))
      continue
    }
    const { for: pattern, items } = entry
    if (typeof pattern !== 'string' || pattern === '') {
      mistakes.add(pathTo(place, 'for'), `Found ${shown(pattern)}, expected a pattern of generator ids.`)
    }
    if (typeof items !== 'function') {
      const advice = 'For files, name `@latent-image/plugin-sources-glob` here instead.'
      mistakes.add(
        pathTo(place, 'items'),
        `Found ${shown(items)}, expected a function that enumerates sources.`,
        advice,
      )
    }
    resolved.push(entry)
  }
  return resolved
}

function checkNamer(namer: unknown, path: string, mistakes: Mistakes): void {
  if (typeof namer === 'function' || (typeof namer === 'string' && namers.includes(namer))) return
  const expected = `a function or one of ${namers.map((name) => `\`${name}\``).join(', ')}`
  const advice = typeof namer === 'string' ? didYouMean(namer, namers) : undefined
  mistakes.add(path, `Found ${shown(namer)}, expected ${expected}.`, advice)
}

function checkState(state: unknown, path: string, mistakes: Mistakes): void {
  if (!isRecord(state)) {
    mistakes.add(path, `Found ${shown(state)}, expected an object of times in milliseconds.`)
    return
  }
  checkKeys(state, path, times, mistakes)
  for (const [key, time] of Object.entries(state).filter(([key]) => times.includes(key))) {
    if (typeof time === 'number' && time >= 0) continue
    mistakes.add(pathTo(path, key), `Found ${shown(time)}, expected milliseconds, as a number of 0 or more.`)
  }
}
