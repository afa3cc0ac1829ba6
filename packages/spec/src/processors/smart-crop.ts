import * as v from 'valibot'
import type { Region, Size } from '../geometry.ts'
import type { Pixels } from '../operations.ts'
import type { Picture } from '../picture.ts'
import { makeProcessor } from '../processor.ts'
import { heightSchema, widthSchema } from './pixels.ts'

/** What makes a part of a picture worth keeping. */
export type Interest = 'entropy' | 'attention'

export const interestSchema = v.optional(
  v.pipe(
    v.picklist(['entropy', 'attention']),
    v.description('What makes a part worth keeping: detail, or lively colors, skin and edges'),
  ),
  'entropy',
)

/**
 * Cuts out a width and a height where most is to be seen: `entropy` looks for detail, `attention` for lively colors, skin
 * and edges. Never enlarges.
 */
export const smartCrop = makeProcessor({
  name: 'smartCrop',
  positional: ['width', 'height'],
  options: v.strictObject({ width: widthSchema, height: heightSchema, interest: interestSchema }),
  apply: (picture, { width, height, interest }) => cropByInterest(picture, { width, height }, interest),
})

export function cropByInterest(picture: Picture, asked: Size, interest: Interest): Picture {
  const size = { width: Math.min(asked.width, picture.width), height: Math.min(asked.height, picture.height) }
  if (size.width === picture.width && size.height === picture.height) return picture
  return picture.extractWhere((pixels) => regionOfInterest(pixels, size, interest), size)
}

async function regionOfInterest({ data, channels, ...full }: Pixels, size: Size, interest: Interest): Promise<Region> {
  const { sharp } = await import('../sharp.ts')
  const { info } = await sharp(data, { raw: { width: full.width, height: full.height, channels } })
    .resize(size.width, size.height, { fit: 'cover', position: sharp.strategy[interest], withoutReduction: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
  // sharp reports how far the picture was moved, which is to the left and up.
  return { left: -(info.cropOffsetLeft ?? 0), top: -(info.cropOffsetTop ?? 0), ...size }
}
