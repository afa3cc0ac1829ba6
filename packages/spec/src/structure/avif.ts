import type { Structure } from './structure.ts'

/** Boxes that a picture is made of. */
const needed: ReadonlySet<string> = new Set(['ftyp', 'meta', 'mdat', 'moov', 'moof'])

/** An AVIF is whole if each of its boxes is as long as it says. Whatever else follows them is nobody's loss. */
export function avifStructure(data: Buffer): Structure {
  let at = 0
  while (at + 8 <= data.length) {
    const end = at + boxLength(data, at)
    if (end > data.length) return { isWhole: !needed.has(data.toString('latin1', at + 4, at + 8)) }
    at = end
  }
  return { isWhole: true }
}

/** At 1, the length is told by 8 bytes behind the type; at 0, the box goes on to the end. Less than a box's head is none. */
function boxLength(data: Buffer, at: number): number {
  const length = data.readUInt32BE(at)
  if (length === 1 && at + 16 <= data.length) return Math.max(16, Number(data.readBigUInt64BE(at + 8)))
  return length < 8 ? data.length - at : length
}
