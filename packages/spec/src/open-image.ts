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
 * must not make a file fail for good. Each image is opened once, however many frames it is laid over.
 *
 * @throws NO_IMAGES, IMAGE_UNAVAILABLE, and what makes a processor fail
 */
export function guardedOpenImage(openImage: OpenImage | undefined, limits: CompleteLimits): EffectContext['openImage'] {
  const images = new Map<string, Promise<Uint8Array>>()
  return (image) => {
    const data = images.get(image) ?? checked(image, openImage, limits)
    images.set(image, data)
    return data
  }
}

async function checked(image: string, openImage: OpenImage | undefined, limits: CompleteLimits): Promise<Uint8Array> {
  const data = await opened(image, openImage)
  try {
    const header = await readHeader(data, image, limits)
    assertWithinLimits(header, 1, image, limits)
    return header.data
  } catch (error) {
    if (isLatentImageError(error) && error.fault === 'source') throw new Error(error.message, { cause: error })
    throw error
  }
}

async function opened(image: string, openImage: OpenImage | undefined): Promise<Uint8Array> {
  if (!openImage) throw errors.NO_IMAGES({ image })
  try {
    return bytesOf(await openImage(image))
  } catch (error) {
    throw errors.IMAGE_UNAVAILABLE({ image, reason: messageOf(error) }, error)
  }
}
