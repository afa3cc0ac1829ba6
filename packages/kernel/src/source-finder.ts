import { setTimeout as delay } from 'node:timers/promises'
import type { Source, SourceHandle } from './contracts/source.ts'
import { errors } from './error-catalogue.ts'
import { codeOf, isLatentImageError } from './errors.ts'
import type { SourceQuery } from './hooks.ts'
import type { ImageCacheFile } from './image-cache-file.ts'
import type { Kernel } from './kernel.ts'
import type { PluginScope } from './plugin-scope.ts'
import { registered } from './registered-generator.ts'
import type { FileSource } from './source-input.ts'

const notFound = new Set(['FILE_NOT_FOUND', 'SOURCE_NOT_FOUND', 'ENOENT'])

/** Asks those who may know a source, innermost first. */
export async function findSource(
  scopes: readonly PluginScope[],
  name: string,
  query: SourceQuery,
): Promise<SourceHandle | undefined> {
  if (scopes.length === 0) throw errors.MISSING_ROLE({ role: 'source', subject: name })
  for (const { hooks } of scopes) {
    const handle = await hooks.source.promise(name, query)
    if (handle) return handle
  }
  return undefined
}

/**
 * The source of a file, as its generator gets it. What its `open` throws tells the source's faults from the machine's.
 *
 * @param change - The latest change of the source that is known.
 */
export async function sourceOf(kernel: Kernel, file: ImageCacheFile, change?: string): Promise<Source | undefined> {
  const { origin, label } = file
  if (!origin) return undefined
  const open = await openerOf(file, origin)
  if (!open) throw errors.SOURCE_NOT_FOUND({ file: label })
  const milliseconds = file.record.rules.times.source
  const opened = async () => {
    const settled = new AbortController()
    const tooLong = delay(milliseconds, undefined, { signal: settled.signal }).then(() => {
      throw errors.SOURCE_TIMEOUT({ file: label, milliseconds })
    })
    try {
      return await Promise.race([tooLong, kernel.reads.read(file, change, async () => open())])
    } catch (error) {
      const isMissing = notFound.has(codeOf(error))
      // A derivative that vanished can be made again.
      if (isMissing && !origin.file) throw errors.SOURCE_NOT_FOUND({ file: label }, error)
      const isOurs = isLatentImageError(error) && error.fault !== 'caller' && !isMissing
      throw isOurs ? error : errors.SOURCE_UNREADABLE({ file: label }, error)
    } finally {
      settled.abort()
    }
  }
  return { ...origin.reference, open: opened }
}

async function openerOf({ generator }: ImageCacheFile, { reference, open, file }: FileSource) {
  if (file) return () => file.record.storage((storage) => storage.read(file.record.name))
  if (open) return open
  const handle = await findSource(registered(generator).sources, reference.name, { create: false })
  return handle && (() => handle.open())
}
