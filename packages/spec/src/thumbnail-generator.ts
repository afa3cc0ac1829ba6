import type { Anchor } from './anchor.ts'
import { imageSpec } from './image-spec.ts'
import { thumbnail } from './processors/thumbnail.ts'
import type { ImageSpec } from './spec-types.ts'

/** Params of {@link thumbnailGenerator}, which mean what they mean to the processor `thumbnail`. */
export type ThumbnailParams = {
  readonly width?: number
  readonly height?: number
  readonly anchor?: 'auto' | Anchor
  readonly crop?: boolean
  readonly upscale?: boolean
}

/** Makes thumbnails of any size: `kernel.file('latent-image:thumbnail', { source, params: { width: 100, height: 50 } })`. */
export const thumbnailGenerator: ImageSpec<ThumbnailParams> = {
  ...imageSpec<ThumbnailParams>((_source, params) => {
    // JSON says `null` where there are none.
    const { width, height, ...options } = params ?? {}
    return { processors: [thumbnail(width, height, options)] }
  }),
  // Its params come from whoever asks, so there are none to enumerate.
  variants: [],
}
