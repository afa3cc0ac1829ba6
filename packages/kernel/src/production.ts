import { canonicalJson } from './canonical-json.ts'
import type { GeneratedImage } from './contracts/generator.ts'
import type { FileState } from './contracts/state-cache.ts'
import type { Storage } from './contracts/storage.ts'
import { errors } from './error-catalogue.ts'
import { isLatentImageError, type LatentImageError } from './errors.ts'
import type { FileRecord } from './file-record.ts'
import type { GenerateOrder } from './hooks.ts'
import type { ImageCacheFile } from './image-cache-file.ts'
import type { Kernel } from './kernel.ts'
import { registered } from './registered-generator.ts'
import { SourceFile } from './source-file.ts'
import { sourceOf } from './source-finder.ts'
import { isFresh } from './state.ts'

// A source that changes more often than it can be read is given up on.
const mostAttempts = 10

/** Milliseconds within which a claim must have become known: a cache that was left alone is tried again each second. */
const patience = 2_500

/**
 * Makes a file on behalf of the bearer of a token. What was lost on the way is begun again on what is true then; without
 * effect where the claim is another's from the start.
 */
export async function produce(kernel: Kernel, file: ImageCacheFile, order: GenerateOrder): Promise<void> {
  try {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      if (await kernel.reads.during(file, () => tryOnce(kernel, file, order, attempt))) return
      kernel.reads.forget(file.source?.name)
    }
    throw errors.SOURCE_UNSTABLE({ file: file.label })
  } catch (error) {
    await file.record.release(order.token)
    if (isLatentImageError(error)) kernel.reportFailure(file, error)
    throw error
  } finally {
    kernel.generation.noticed(file.record)
  }
}

/** Gives back the claim of a token; with the fault of a source, readers are told of it for a while. */
export async function abandon(kernel: Kernel, file: ImageCacheFile, token: string, error?: LatentImageError) {
  const { record } = file
  const held = error?.fault === 'source' ? await record.take(token) : undefined
  if (error && held) {
    const change = (await record.latestChange())?.version
    const remove = (storage: Storage) => storage.delete(record.name).then(() => cascade(kernel, record, held))
    await record.replace(token, change, remove, record.rules.failed(error, held.failure, change))
    kernel.reportFailure(file, error)
  }
  await record.release(token)
  kernel.generation.noticed(record)
}

/** Resolves to whether there is nothing left to do. */
async function tryOnce(kernel: Kernel, file: ImageCacheFile, order: GenerateOrder, attempt: number): Promise<boolean> {
  const { token, signal } = order
  const { record, label } = file
  const held = (await record.take(token)) ?? (attempt === 0 ? await takeLate(kernel, record, token) : undefined)
  if (!held) return true
  const started = performance.now()
  const lost = new AbortController()
  const stop = () => lost.abort(signal.reason)
  // `AbortSignal.any` costs more than all else that the kernel does for a file.
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const renew = async () => (await record.renew(token)) || lost.abort()
  // A renewal that fails is made up for by the next one.
  const renewal = setInterval(() => void renew().catch(() => undefined), record.rules.times.lease / 3).unref()
  const change = await record.latestChange()
  try {
    // A source with bytes of its own does not tell.
    if (attempt > 0 && change?.bytes === 'absent') throw errors.SOURCE_NOT_FOUND({ file: label })
    kernel.events.emit('generating', { file })
    const { data, facts } = await makeImage(kernel, file, lost.signal, change)
    const write = (storage: Storage) =>
      storage.write(record.name, data, { type: facts.type }).then(() => cascade(kernel, record, held))
    const isDone = await record.replace(token, change?.version, write, { bytes: 'present', facts })
    if (isDone) kernel.events.emit('generated', { file, milliseconds: performance.now() - started, facts })
    return isDone
  } catch (cause) {
    const error = isLatentImageError(cause) ? cause : errors.GENERATION_FAILED({ file: label }, cause)
    // Old bytes were made from a predecessor of a source that turned out bad; fresh ones were not.
    const remove = (storage: Storage) => storage.delete(record.name).then(() => cascade(kernel, record, held))
    const failed = record.rules.failed(error, held.failure, change?.version)
    const isSettled =
      error.fault === 'source' && held.stale
        ? await record.replace(token, change?.version, remove, failed)
        : await record.renew(token)
    // What went wrong on a claim that is another's by now may have gone wrong for that reason.
    if (isSettled) throw error
    return false
  } finally {
    clearInterval(renewal)
    signal.removeEventListener('abort', stop)
  }
}

/** What was made from old bytes is old. Told before the commit, so that a crash between them leaves nothing old behind. */
async function cascade(kernel: Kernel, record: FileRecord, held: FileState): Promise<void> {
  if (held.bytes !== 'absent') await kernel.changes.replaced(record.name)
}

/** Whoever claimed a file may be about to tell the cache, having been cut off from it for a moment. */
async function takeLate(kernel: Kernel, record: FileRecord, token: string): Promise<FileState | undefined> {
  const isDecided = (known: FileState) => isFresh(known) || known.work !== undefined || known.failure !== undefined
  await kernel.generation.wait(record, patience, isDecided)
  return record.take(token)
}

async function makeImage(
  kernel: Kernel,
  file: ImageCacheFile,
  signal: AbortSignal,
  change: FileState | undefined,
): Promise<GeneratedImage> {
  const { generator, params } = file
  const source = await sourceOf(kernel, file, change?.version)
  const openSource = (name: string) => new SourceFile(kernel, name, registered(generator).sources).bytes()
  const image = await generator.definition.generate({ ...(source && { source }), params, openSource, signal })
  const size = image?.data instanceof Uint8Array ? image.data.byteLength : 0
  const { width, height, type } = image?.facts ?? {}
  const isMeasured = [width, height, size].every((length) => Number.isInteger(length) && Number(length) > 0)
  if (!isMeasured || typeof type !== 'string' || type === '') throw errors.INVALID_IMAGE({ file: file.label })
  try {
    const told = Object.entries(image.facts).filter(([, fact]) => fact !== undefined)
    canonicalJson(Object.fromEntries(told), 'facts')
    return { data: image.data, facts: structuredClone({ ...image.facts, size }) }
  } catch (error) {
    throw errors.INVALID_IMAGE({ file: file.label }, error)
  }
}
