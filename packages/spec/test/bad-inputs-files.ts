import { crc32, deflateSync } from 'node:zlib'

/** Bytes that must not become a derivative, and what they are refused with. */
export interface BadInput {
  readonly name: string
  readonly data: Uint8Array
  readonly code: 'SOURCE_BROKEN' | 'SOURCE_UNSUPPORTED' | 'SOURCE_TOO_LARGE'
}

export const bad = (code: BadInput['code'], name: string, data: Uint8Array): BadInput => ({ name, data, code })

export const ascii = (text: string) => Buffer.from(text, 'latin1')

export const join = (...parts: readonly (Uint8Array | string)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? ascii(part) : part)))

/** The bytes that each format begins with. */
export const magics = {
  jpeg: Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  png: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  webp: join('RIFF', Buffer.from([0xff, 0, 0, 0]), 'WEBPVP8 '),
  gif: ascii('GIF89a'),
  tiff: ascii('II*\0'),
  avif: join(Buffer.from([0, 0, 0, 0x1c]), 'ftypavif\0\0\0\0mif1avif'),
}

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = join(type, data)
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  crc.writeUInt32BE(crc32(body))
  return join(length, body, crc)
}

/** A PNG whose header promises a size; what follows may be a lot of nothing in few bytes. */
export function pngOf(
  width: number,
  height: number,
  { depth = 8, type = 2, interlaced = 0, bytes = 1000 } = {},
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, type, 0, 0, interlaced], 8)
  const data = deflateSync(Buffer.alloc(bytes))
  return join(magics.png, pngChunk('IHDR', header), pngChunk('IDAT', data), pngChunk('IEND', Buffer.alloc(0)))
}

/** A PNG with chunks behind its header. */
export function pngWith(png: Buffer, chunks: readonly Buffer[]): Buffer {
  const header = 33
  return Buffer.concat([png.subarray(0, header), ...chunks, png.subarray(header)])
}

export function gifOf(width: number, height: number, frames: number): Buffer {
  const screen = Buffer.alloc(7)
  screen.writeUInt16LE(width, 0)
  screen.writeUInt16LE(height, 2)
  screen[4] = 0x80
  const frame = Buffer.alloc(10)
  frame[0] = 0x2c
  frame.writeUInt16LE(width, 5)
  frame.writeUInt16LE(height, 7)
  const control = Buffer.from([0x21, 0xf9, 4, 0, 1, 0, 0, 0])
  const one = join(control, frame, Buffer.from([2, 2, 0x44, 1, 0]))
  return Buffer.concat([ascii('GIF89a'), screen, Buffer.alloc(6), ...Array<Buffer>(frames).fill(one), ascii(';')])
}

/** A JPEG whose header says another size. */
export function jpegOf(jpeg: Buffer, width: number, height: number): Buffer {
  const data = Buffer.from(jpeg)
  const frame = data.findIndex((byte, index) => byte === 0xff && (data[index + 1] === 0xc0 || data[index + 1] === 0xc2))
  data.writeUInt16BE(height, frame + 5)
  data.writeUInt16BE(width, frame + 7)
  return data
}

/** An AVIF whose `ispe` box says another size. */
export function avifOf(avif: Buffer, width: number, height: number): Buffer {
  const data = Buffer.from(avif)
  for (let at = data.indexOf('ispe'); at >= 0; at = data.indexOf('ispe', at + 1)) {
    data.writeUInt32BE(width, at + 8)
    data.writeUInt32BE(height, at + 12)
  }
  return data
}

/** An animated WebP that repeats its last frame. */
export function animationOf(webp: Buffer, frames: number): Buffer {
  const frame = webp.subarray(webp.lastIndexOf('ANMF'))
  const data = Buffer.concat([webp, ...Array<Buffer>(frames).fill(frame)])
  data.writeUInt32LE(data.length - 8, 4)
  return data
}

/** A JPEG with another in its EXIF, as a thumbnail is. */
export function jpegWithThumbnail(jpeg: Buffer, thumbnail: Buffer): Buffer {
  const segment = join(Buffer.from([0xff, 0xe1, 0, 0]), 'Exif\0\0', thumbnail)
  segment.writeUInt16BE(segment.length - 2, 2)
  return join(jpeg.subarray(0, 2), segment, jpeg.subarray(2))
}
