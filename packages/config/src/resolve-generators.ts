import type { GeneratorDefinition } from '@latent-image/kernel'
import type { AnyProcessor } from '@latent-image/spec'
import { isRecord } from './is-record.ts'
import { didYouMean, type Mistakes, pathTo, shown } from './mistakes.ts'

const idPattern = /^[^\s:*]+(?::[^\s:*]+)*$/

/**
 * Turns generators as they stand in a config into definitions; what is wrong with them goes into `mistakes`.
 *
 * @param processors - Those that data may name beside the ones of `@latent-image/spec`.
 */
export async function resolveGenerators(
  generators: unknown,
  path: string,
  processors: readonly AnyProcessor[],
  mistakes: Mistakes,
): Promise<Record<string, GeneratorDefinition>> {
  if (!isRecord(generators)) {
    mistakes.add(path, `Found ${shown(generators)}, expected an object of ids and generators.`)
    return {}
  }
  const resolved: Record<string, GeneratorDefinition> = {}
  for (const [id, value] of Object.entries(generators)) {
    if (!idPattern.test(id)) {
      mistakes.add(pathTo(path, id), 'This id is not made of segments separated by `:`, without spaces and `*`.')
    }
    const definition = await resolveGenerator(value, pathTo(path, id), processors, mistakes)
    if (definition) resolved[id] = definition
  }
  return resolved
}

async function resolveGenerator(
  value: unknown,
  path: string,
  processors: readonly AnyProcessor[],
  mistakes: Mistakes,
): Promise<GeneratorDefinition | undefined> {
  if (isDefinition(value)) return value
  if (!isRecord(value)) {
    const advice = typeof value === 'function' ? 'Give it to `imageSpec(…)`.' : undefined
    mistakes.add(
      path,
      `Found ${shown(value)}, expected \`imageSpec(…)\`, or \`{ processors, format, options }\`.`,
      advice,
    )
    return undefined
  }
  // Only a config that writes generators as data needs the package that knows the processors.
  const spec = await import('@latent-image/spec')
  const issues = spec.checkSpecData(value, { processors })
  const standard = Object.values(spec).filter((exported) => 'definition' in exported)
  const known = [...standard, ...processors].map(({ definition }) => definition.name)
  for (const { path: below, message } of issues) {
    const [, index] = /^processors\.(\d+)$/.exec(below) ?? []
    const named: unknown = index === undefined ? undefined : [(value.processors as unknown[])[Number(index)]].flat()[0]
    const isUnknown = typeof named === 'string' && !known.includes(named)
    const advice = isUnknown ? (didYouMean(named, known) ?? adviceOnUnknown) : undefined
    mistakes.add(pathToDotted(path, below), sentence(message), advice)
  }
  return issues.length === 0 ? spec.imageSpecFromData(value, { processors }) : undefined
}

const adviceOnUnknown = 'Where it is one of your own, name the module that exports it in `processors`.'

/** Extends a path by one like `processors.0.width`. */
function pathToDotted(path: string, dotted: string): string {
  const keys = dotted === '' ? [] : dotted.split('.')
  return keys.reduce((above, key) => pathTo(above, /^\d+$/.test(key) ? Number(key) : key), path)
}

function sentence(message: string): string {
  return /[.?!]$/.test(message) ? message : `${message}.`
}

function isDefinition(value: unknown): value is GeneratorDefinition {
  return isRecord(value) && typeof value.generate === 'function' && 'fingerprint' in value
}
