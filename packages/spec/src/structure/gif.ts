import { broken, type Structure } from './structure.ts'

const trailer = 0x3b
const extension = 0x21
const image = 0x2c

/**
 * A GIF is whole if its blocks lead to the trailer. The decoder takes one that was cut off between two frames for a shorter
 * animation, so the blocks are followed here, without unpacking them.
 */
export function gifStructure(data: Buffer): Structure {
  let frames = 0
  let at = 13 + colorTableLength(data[10] ?? 0)
  while (at < data.length) {
    const block = data[at]
    if (block === trailer) return { isWhole: true, frames }
    if (block === extension) at = afterSubBlocks(data, at + 2)
    else if (block === image) {
      frames++
      at = afterSubBlocks(data, at + 11 + colorTableLength(data[at + 9] ?? 0))
    } else return broken
  }
  return broken
}

function colorTableLength(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

/** Each sub-block begins with its length; one of length 0 is the last. */
function afterSubBlocks(data: Buffer, start: number): number {
  let at = start
  while (at < data.length) {
    const length = data[at] ?? 0
    at += length + 1
    if (length === 0) break
  }
  return at
}
