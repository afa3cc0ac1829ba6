import { broken, type Structure } from './structure.ts'

/** A WebP says how long it is, and each of its chunks does; a frame is a chunk. */
export function webpStructure(data: Buffer): Structure {
  const end = data.length < 12 ? Number.POSITIVE_INFINITY : 8 + data.readUInt32LE(4)
  if (end > data.length) return broken
  let frames = 0
  let at = 12
  while (at + 8 <= end) {
    if (data.toString('latin1', at, at + 4) === 'ANMF') frames++
    const length = data.readUInt32LE(at + 4)
    at += 8 + length + (length % 2)
  }
  return { isWhole: true, frames }
}
