import * as v from 'valibot'
import { type Material, openMaterial } from './material.ts'
import { thumbHash, thumbHashSide } from './thumb-hash.ts'

/** What to show until a picture has loaded: a ThumbHash in Base64, or a tiny WebP as a data URI. */
export type PlaceholderKind = 'thumbhash' | 'inline'

export const placeholderSchema = v.union(
  [v.boolean(), v.picklist(['thumbhash', 'inline'])],
  ({ received }) => `Expected true, false, thumbhash or inline, but received ${received}`,
)

/** `true` is a ThumbHash. */
export function placeholderKind(option: boolean | PlaceholderKind): PlaceholderKind | undefined {
  if (typeof option === 'string') return option
  return option ? 'thumbhash' : undefined
}

const inlineSide = 20

/**
 * Makes a placeholder of a picture.
 *
 * @param flatten - Whether transparency is laid on white, as in the picture that it stands for.
 */
export async function makePlaceholder(material: Material, kind: PlaceholderKind, flatten: boolean): Promise<string> {
  const opened = await openMaterial(material)
  const image = flatten ? opened.flatten({ background: 'white' }) : opened
  const within = (side: number) => image.resize(side, side, { fit: 'inside', withoutEnlargement: true })
  if (kind === 'inline') {
    const data = await within(inlineSide).webp({ quality: 50, effort: 6 }).toBuffer()
    return `data:image/webp;base64,${data.toString('base64')}`
  }
  const { data, info } = await within(thumbHashSide).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return Buffer.from(thumbHash({ data, width: info.width, height: info.height, channels: 4 })).toString('base64')
}
