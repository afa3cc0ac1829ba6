import { broken, type Structure } from './structure.ts'
import { type Directory, type Tag, TiffFile } from './tiff-file.ts'

/** Where the strips of a picture are, and how long each is; the same for tiles. */
const places = [
  { offsets: 273, lengths: 279 },
  { offsets: 324, lengths: 325 },
]

/**
 * A TIFF is whole if all of its pages can be found, and the first one's pixels are all there. Only the first is ever used, so
 * it alone is shown to the decoder, which would read each page's tags to count them.
 */
export function tiffStructure(data: Buffer): Structure {
  const file = new TiffFile(data)
  const first = file.directoryAt(file.firstOffset)
  if (!first || !hasPixels(file, first)) return broken
  let frames = 1
  // A chain that leads back to itself comes upon the place that is kept, which moves on at every power of two (Brent).
  let kept = first.start
  for (let page = first; page.next !== 0; frames++) {
    const next = file.directoryAt(page.next)
    if (!next || next.start === kept) return broken
    if ((frames & (frames - 1)) === 0) kept = next.start
    page = next
  }
  return { isWhole: true, frames, ...(frames > 1 && { essence: file.upTo(first) }) }
}

function hasPixels(file: TiffFile, directory: Directory): boolean {
  return places.every(({ offsets, lengths }) => {
    const starts = file.tag(directory, offsets)
    const sizes = file.tag(directory, lengths)
    const count = starts?.count ?? 0
    for (let index = 0; index < count; index++) {
      // Beyond the end there are no numbers, and nothing is at most NaN.
      if (!(valueIn(file, starts, index) + valueIn(file, sizes, index) <= file.data.length)) return false
    }
    return true
  })
}

/** Nothing where the tag is left out, or tells less than another. */
function valueIn(file: TiffFile, tag: Tag | undefined, index: number): number {
  return tag && index < tag.count ? file.valueOf(tag, index) : 0
}
