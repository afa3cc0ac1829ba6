import { broken, type Structure } from './structure.ts'

interface Chunk {
  readonly type: string
  readonly start: number
  readonly end: number
}

/**
 * A PNG is whole if its chunks lead to the last one. Its texts say nothing of its pixels, and one that is packed can be small
 * in the file and 50 MB in memory: those are left out.
 */
export function pngStructure(data: Buffer): Structure {
  let hasPackedText = false
  for (const chunk of chunksOf(data)) {
    hasPackedText ||= isPackedText(data, chunk)
    if (chunk.type === 'IEND') return { isWhole: true, ...(hasPackedText && { essence: withoutPackedTexts(data) }) }
  }
  return broken
}

/** The chunks that are there with all of their bytes. */
function* chunksOf(data: Buffer): Generator<Chunk> {
  let start = 8
  while (start + 12 <= data.length) {
    const end = start + 12 + data.readUInt32BE(start)
    if (end > data.length) return
    yield { type: data.toString('latin1', start + 4, start + 8), start, end }
    start = end
  }
}

/** An international text says behind its keyword, which ends with a zero, whether it is packed. */
function isPackedText(data: Buffer, { type, start }: Chunk): boolean {
  return type === 'zTXt' || (type === 'iTXt' && data[data.indexOf(0, start + 8) + 1] !== 0)
}

function withoutPackedTexts(data: Buffer): Buffer {
  const rest = Buffer.allocUnsafe(data.length)
  let length = 0
  let from = 0
  for (const chunk of chunksOf(data)) {
    if (!isPackedText(data, chunk)) continue
    length += data.copy(rest, length, from, chunk.start)
    from = chunk.end
  }
  length += data.copy(rest, length, from)
  return rest.subarray(0, length)
}
