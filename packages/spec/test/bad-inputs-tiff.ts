/** Bytes of a TIFF's head, of nine tags in it, and of all that is before its pixels. */
const head = 8
const directory = 114
const start = 200

interface TiffContent {
  /** What the first channels mean: 1 grey, 2 RGB, 5 CMYK. */
  readonly photometric?: 1 | 2 | 5
  /** Of the only strip, which holds nearly nothing if they are left out. */
  readonly pixels?: Uint8Array
  readonly isLittleEndian?: boolean
}

type Entry = readonly [tag: number, type: 'short' | 'long', value: number, count?: number]

/** A TIFF of 8 bits per channel, whose tags are in front of its pixels. */
export function tiffOf(width: number, height: number, channels: number, content: TiffContent = {}): Buffer {
  const { photometric = channels < 3 ? 1 : 2, pixels = Buffer.alloc(100), isLittleEndian = true } = content
  const colors = { 1: 1, 2: 3, 5: 4 }[photometric]
  const entries: readonly Entry[] = [
    [256, 'long', width],
    [257, 'long', height],
    [258, 'short', 8],
    [259, 'short', 1],
    [262, 'short', photometric],
    [273, 'long', start],
    [277, 'short', channels],
    [278, 'long', height],
    [279, 'long', pixels.length],
    // At most two fit.
    [338, 'short', 0, Math.min(2, channels - colors)],
  ]
  const data = Buffer.concat([
    Buffer.from(isLittleEndian ? 'II*\0' : 'MM\0*', 'latin1'),
    Buffer.alloc(start - 4),
    pixels,
  ])
  writeDirectory(
    data,
    entries.filter(([, , , count]) => count !== 0),
    isLittleEndian,
  )
  return data
}

function writeDirectory(data: Buffer, entries: readonly Entry[], isLittleEndian: boolean): void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  view.setUint32(4, head, isLittleEndian)
  view.setUint16(head, entries.length, isLittleEndian)
  for (const [index, [tag, type, value, count = 1]] of entries.entries()) {
    const at = head + 2 + index * 12
    view.setUint16(at, tag, isLittleEndian)
    view.setUint16(at + 2, type === 'short' ? 3 : 4, isLittleEndian)
    view.setUint32(at + 4, count, isLittleEndian)
    if (type === 'short') view.setUint16(at + 8, value, isLittleEndian)
    else view.setUint32(at + 8, value, isLittleEndian)
  }
}

/** A TIFF with the same small page again and again; behind the last there should be one at `end`. */
export function tiffOfPages(pages: number, end = 0): Buffer {
  const first = tiffOf(4, 4, 3)
  const place = (page: number) => (page === 0 ? head : first.length + (page - 1) * directory)
  const data = Buffer.alloc(place(pages))
  first.copy(data)
  for (let page = 0; page < pages; page++) {
    first.copy(data, place(page), head, head + directory)
    data.writeUInt32LE(page === pages - 1 ? end : place(page + 1), place(page) + directory - 4)
  }
  return data
}
