import { type EventPayloads, type ImageCacheFile, type Kernel, LatentImageError } from '@latent-image/kernel'
import { asOurs, errors } from './errors.ts'
import type { Outcome } from './outcome.ts'

export interface GenerateFileOptions {
  readonly force: boolean
  readonly dryRun: boolean
}

/** Generates one file, or tells whether it would be. What this process makes later is waited for; never rejects. */
export async function generateFile(
  kernel: Kernel,
  file: ImageCacheFile,
  { force, dryRun }: GenerateFileOptions,
): Promise<Outcome> {
  const began = performance.now()
  let failure: LatentImageError | undefined
  const onFailed = ({ file: other, error }: EventPayloads['failed']): void => {
    if (other.name === file.name && other.generator.id === file.generator.id) failure = error
  }
  kernel.events.on('failed', onFailed)
  try {
    if (dryRun) {
      const isThere = !force && (await file.state()).state === 'exists'
      return isThere
        ? { file, outcome: 'exists', milliseconds: performance.now() - began }
        : { file, outcome: 'missing' }
    }
    const generated = await file.generate({ force })
    const outcome = generated === 'scheduled' ? await waitWhileOurs(kernel, file, () => failure) : generated
    return { file, outcome, milliseconds: performance.now() - began }
  } catch (error) {
    const ours = asOurs(error, (reason) => errors.FILE_FAILED({ file: file.label, reason }, error))
    return { file, outcome: 'failed', error: ours }
  } finally {
    kernel.events.off('failed', onFailed)
  }
}

/**
 * Waits for what is scheduled in this process: its end would be the end of it, and no more of it must be waiting than
 * is in work. What other processes make stays scheduled.
 */
async function waitWhileOurs(
  kernel: Kernel,
  file: ImageCacheFile,
  failure: () => LatentImageError | undefined,
): Promise<'generated' | 'scheduled'> {
  await kernel.idle()
  const status = await file.state()
  if (status.state === 'exists') return 'generated'
  if (status.state === 'generating') return 'scheduled'
  const error = failure()
  if (error) throw error
  if (status.state === 'failed') {
    throw new LatentImageError(status.failure.code, status.failure.message, { fault: 'source' })
  }
  throw errors.FILE_FAILED({ file: file.label, reason: 'it was scheduled, and is not there' })
}
