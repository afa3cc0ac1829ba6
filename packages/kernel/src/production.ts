import { randomUUID } from 'node:crypto'
import type { Facts, GeneratedImage } from './contracts/generator.ts'
import type { FileState } from './contracts/state-cache.ts'
import { errors } from './error-catalogue.ts'
import { isLatentImageError, type LatentImageError } from './errors.ts'
import type { FileRecord } from './file-record.ts'
import type { GenerateOrder } from './hooks.ts'
import type { ImageCacheFile } from './image-cache-file.ts'
import type { Kernel } from './kernel.ts'
import { startLease } from './lease.ts'
import { sourceOf } from './source-finder.ts'

// A source that changes more often than it can be read is given up on.
const mostAttempts = 10

/**
 * Makes a file on behalf of the bearer of a token: generate, check the claim, write, commit. What was lost on the way is
 * begun again on what is true then. Without effect where the claim is another's from the start.
 */
export async function produce(kernel: Kernel, file: ImageCacheFile, order: GenerateOrder): Promise<void> {
  let token: string | undefined = order.token
  for (let attempt = 0; attempt < mostAttempts && token; attempt++) {
    token = await produceOnce(kernel, file, { ...order, token })
  }
  if (!token) return
  await file.record.release(token)
  throw errors.SOURCE_UNSTABLE({ file: file.label })
}

/** Resolves to the token to try again with, if any. */
async function produceOnce(kernel: Kernel, file: ImageCacheFile, order: GenerateOrder): Promise<string | undefined> {
  const { record, label } = file
  const { token } = order
  const held = await take(record, token)
  if (!held) return undefined
  const started = performance.now()
  const lease = startLease(record, token)
  const change = (await record.latestChange())?.version
  let isWritten = false
  try {
    kernel.events.emit('generating', { file })
    const { data, facts } = await makeImage(file, AbortSignal.any([order.signal, lease.signal]))
    if (await hasChanged(file, change)) return token
    if (!(await record.changeAs(token, (current) => ({ ...current, work: record.lease(token) })))) return again(record)
    isWritten = true
    await record.storage((storage) => storage.write(record.name, data, { type: facts.type }))
    await lease.end()
    // Either a change of the source is seen here, or whoever announced it finds the written file.
    if (await hasChanged(file, change)) return token
    if (!(await record.changeAs(token, () => ({ bytes: 'present', facts })))) return overwritten(record)
    kernel.events.emit('generated', { file, milliseconds: performance.now() - started, facts })
    if (held.stale && held.bytes === 'present') await kernel.changes.replaced(record.name)
    return undefined
  } catch (cause) {
    await lease.end()
    const error = isLatentImageError(cause) ? cause : errors.GENERATION_FAILED({ file: label }, cause)
    const isOutdated = error.code !== 'SOURCE_NOT_FOUND' && (await record.latestChange())?.version !== change
    if (isOutdated && error.fault === 'source') return token
    // What was made on a claim that is another's by now may be made from something that is not true any more.
    if (!(await settle(record, token, error, change))) return isWritten ? overwritten(record) : again(record)
    kernel.reportFailure(file, error)
    throw error
  } finally {
    await lease.end()
  }
}

/** Whether the source was saved since a change; rejects with `SOURCE_NOT_FOUND` if it was deleted. */
async function hasChanged({ record, label }: ImageCacheFile, since: string | undefined): Promise<boolean> {
  const latest = await record.latestChange()
  if (latest?.version === since) return false
  if (latest?.bytes === 'absent') throw errors.SOURCE_NOT_FOUND({ file: label })
  return true
}

/** Takes up the claim of a token. A record that the cache forgot is claimed anew. */
async function take(record: FileRecord, token: string): Promise<FileState | undefined> {
  return record.change((current) =>
    current && current.work?.token !== token ? undefined : { ...current, work: record.lease(token) },
  )
}

/** Where the cache forgot the claim, a new one; where another took it, the rest is theirs. */
async function again(record: FileRecord): Promise<string | undefined> {
  const token = randomUUID()
  const claimed = await record.change((current) => (current ? undefined : { work: record.lease(token) }))
  return claimed && token
}

/** The claim was lost while bytes were written, which may have replaced newer ones: they are made once more. */
async function overwritten(record: FileRecord): Promise<string | undefined> {
  const token = randomUUID()
  const claimed = await record.change((current) => ({
    ...(current?.facts && { facts: current.facts }),
    bytes: 'present',
    stale: true,
    work: record.lease(token),
  }))
  return claimed && token
}

async function makeImage(file: ImageCacheFile, signal: AbortSignal): Promise<{ data: Uint8Array; facts: Facts }> {
  const source = await sourceOf(file)
  const image = await file.generator.definition.generate({ ...(source && { source }), params: file.params, signal })
  if (!isImage(image)) throw errors.INVALID_IMAGE({ file: file.label })
  return { data: image.data, facts: { ...image.facts, size: image.data.byteLength } }
}

function isImage(image: GeneratedImage): boolean {
  if (!(image?.data instanceof Uint8Array) || image.data.byteLength === 0) return false
  const { width, height, type } = image.facts ?? {}
  return Number.isInteger(width) && Number.isInteger(height) && typeof type === 'string'
}

/** Leaves the record as a failure demands; resolves to whether the claim was still that of the token. */
async function settle(
  record: FileRecord,
  token: string,
  { code, message, fault }: LatentImageError,
  change: string | undefined,
): Promise<boolean> {
  if (fault !== 'source') return record.release(token)
  const { failed, failedAtMost } = record.rules.times
  // Old bytes were made from a predecessor of what turned out bad.
  return record.dropAs(token, ({ failure }) => {
    const count = (failure?.count ?? 0) + 1
    const until = record.rules.now() + Math.min(failed * 2 ** (count - 1), failedAtMost)
    return record.rules.absent({ failure: { code, message, count, until, ...(change && { change }) } })
  })
}
