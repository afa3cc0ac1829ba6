const trailer = 0x3b
const extension = 0x21
const image = 0x2c

/**
 * Whether a GIF goes on to its end. The decoder takes one that was cut off between two frames for a shorter animation, so
 * the blocks are followed here, without unpacking them.
 */
export function isWholeGif(data: Uint8Array): boolean {
  let at = 13 + colorTableLength(data[10] ?? 0)
  while (at < data.length) {
    const block = data[at]
    if (block === trailer) return true
    if (block === extension) at = afterSubBlocks(data, at + 2)
    else if (block === image) at = afterSubBlocks(data, at + 11 + colorTableLength(data[at + 9] ?? 0))
    else return false
  }
  return false
}

function colorTableLength(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

/** Each sub-block begins with its length; one of length 0 is the last. */
function afterSubBlocks(data: Uint8Array, start: number): number {
  let at = start
  while (at < data.length) {
    const length = data[at] ?? 0
    at += length + 1
    if (length === 0) break
  }
  return at
}
