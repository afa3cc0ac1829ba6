import { isLatentImageError } from '@latent-image/kernel'
import { bytesOf } from './bytes.ts'
import { errors } from './errors.ts'
import { assertWithinLimits, readHeader } from './header.ts'
import type { CompleteLimits } from './limits.ts'
import type { EffectContext } from './operations.ts'
import { messageOf } from './sharp-error.ts'

/** Opens an image that a processor names, such as a watermark: `(name) => storage.read(name)`. */
export type OpenImage = (name: string) => Promise<Uint8Array | ArrayBuffer>

/**
 * Guards an opener: that an overlay cannot be read, or is not a picture within the limits, is never the source's fault, and
 * must not make a file fail for good.
 *
 * @throws NO_IMAGES, IMAGE_UNAVAILABLE, and what makes a processor fail
 */
export function guardedOpenImage(openImage: OpenImage | undefined, limits: CompleteLimits): EffectContext['openImage'] {
  return async (image) => {
    if (!openImage) throw errors.NO_IMAGES({ image })
    return checked(await opened(openImage, image), image, limits)
  }
}

async function opened(openImage: OpenImage, image: string): Promise<Uint8Array> {
  try {
    return bytesOf(await openImage(image))
  } catch (error) {
    throw errors.IMAGE_UNAVAILABLE({ image, reason: messageOf(error) }, error)
  }
}

async function checked(data: Uint8Array, image: string, limits: CompleteLimits): Promise<Uint8Array> {
  try {
    const header = await readHeader(data, image, limits)
    assertWithinLimits(header, 1, image, limits)
    return header.data
  } catch (error) {
    if (isLatentImageError(error) && error.fault === 'source') throw new Error(error.message, { cause: error })
    throw error
  }
}
