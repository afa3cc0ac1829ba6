import type { AnyProcessor } from '@latent-image/spec'
import { importNamed, type Surroundings } from './import-named.ts'
import { isRecord } from './is-record.ts'
import { pathTo, shown } from './mistakes.ts'

/**
 * Turns a list of processors, and of modules that export some, into processors; what is wrong with it goes into `mistakes`.
 */
export async function resolveProcessors(
  list: unknown,
  path: string,
  surroundings: Surroundings,
): Promise<AnyProcessor[]> {
  const { mistakes } = surroundings
  if (!Array.isArray(list)) {
    mistakes.add(path, `Found ${shown(list)}, expected a list of modules that export processors.`)
    return []
  }
  const resolved = new Map<string, AnyProcessor>()
  for (const [index, entry] of list.entries()) {
    const place = pathTo(path, index)
    for (const processor of await processorsOf(entry, place, surroundings)) {
      const { name } = processor.definition
      if ((resolved.get(name) ?? processor) !== processor) {
        mistakes.add(place, `Found a second processor \`${name}\`, expected one of each name.`, 'Rename one of them.')
      }
      resolved.set(name, processor)
    }
  }
  return [...resolved.values()]
}

async function processorsOf(entry: unknown, path: string, surroundings: Surroundings): Promise<AnyProcessor[]> {
  const { mistakes } = surroundings
  if (isProcessor(entry)) return [entry]
  if (typeof entry !== 'string') {
    mistakes.add(path, `Found ${shown(entry)}, expected a package name or a relative path.`)
    return []
  }
  const module = await importNamed(entry, path, surroundings)
  if (!module) return []
  const found = exportsOf(module).filter(isProcessor)
  if (found.length === 0) {
    mistakes.add(path, `${shown(entry)} exports no processor.`, 'Export what `defineProcessor` returns.')
  }
  return found
}

/** What a module exports; CommonJS has it all in its default export. */
function exportsOf(module: object): unknown[] {
  const exported: unknown = 'default' in module ? module.default : undefined
  return [...Object.values(module), ...(isRecord(exported) ? Object.values(exported) : [])]
}

function isProcessor(value: unknown): value is AnyProcessor {
  return (
    typeof value === 'function' && 'definition' in value && isRecord(value.definition) && 'apply' in value.definition
  )
}
