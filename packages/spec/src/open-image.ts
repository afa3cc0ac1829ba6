import { errors } from './errors.ts'
import { messageOf } from './sharp-error.ts'

/** Opens an image that a processor names, such as a watermark: `(name) => storage.read(name)`. */
export type OpenImage = (name: string) => Promise<Uint8Array>

/**
 * Guards an opener: that an overlay cannot be read is never the source's fault, and must not make a file fail for good.
 *
 * @throws NO_IMAGES, IMAGE_UNAVAILABLE
 */
export function guardedOpenImage(openImage: OpenImage | undefined): OpenImage {
  return async (image) => {
    if (!openImage) throw errors.NO_IMAGES({ image })
    try {
      return await openImage(image)
    } catch (error) {
      throw errors.IMAGE_UNAVAILABLE({ image, reason: messageOf(error) }, error)
    }
  }
}
