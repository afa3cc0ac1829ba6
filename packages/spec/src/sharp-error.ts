import { isLatentImageError, type LatentImageError } from '@latent-image/kernel'
import { errors } from './errors.ts'

/** sharp's errors have no codes: what failed is told by what was being done, and for the rest by the message. */
export function sourceError(error: unknown, source: string, seconds: number): LatentImageError {
  return generalError(error, source, seconds) ?? broken(error, source)
}

/** What an error of sharp says where the pixels at hand were not the source's any more; `undefined` if nothing general. */
export function generalError(error: unknown, source: string, seconds: number): LatentImageError | undefined {
  if (isLatentImageError(error)) return error
  const message = messageOf(error)
  if (/out of memory|unable to allocate|cannot allocate|bad_alloc/i.test(message)) {
    return errors.OUT_OF_MEMORY({ source }, error)
  }
  if (/timeout/i.test(message)) return errors.SOURCE_TOO_SLOW({ source, seconds }, error)
  return undefined
}

function broken(error: unknown, source: string): LatentImageError {
  const message = messageOf(error)
  if (/unsupported image format|no .*decod|not supported|unsupported/i.test(message)) {
    return errors.SOURCE_UNSUPPORTED({ source, reason: firstLine(message) }, error)
  }
  return errors.SOURCE_BROKEN({ source, reason: firstLine(message) }, error)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function firstLine(message: string): string {
  return message.trim().split('\n', 1)[0] ?? message
}
