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
  if (/timeout: \d+% complete/.test(message)) return errors.SOURCE_TOO_SLOW({ source, seconds }, error)
  return undefined
}

function broken(error: unknown, source: string): LatentImageError {
  const reason = firstLine(messageOf(error))
  // Bytes that begin as a known format does and cannot be opened are damaged; a known format may still use an unknown codec.
  const isUnknownCodec =
    /unsupported|not supported|no decod/i.test(reason) && /codec|compression|decod|process/i.test(reason)
  return errors[isUnknownCodec ? 'SOURCE_UNSUPPORTED' : 'SOURCE_BROKEN']({ source, reason }, error)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function firstLine(message: string): string {
  return message.trim().split('\n', 1)[0] ?? message
}
