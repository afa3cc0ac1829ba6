/** The kinds of picture that can be told by their first bytes. */
export type Kind = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif' | 'svg'

/**
 * Tells what kind of picture bytes are, whatever their name. Only what is recognised is handed to sharp, so that no
 * other of libvips' loaders can be reached, and none has to be blocked for the whole process: each of these beginnings
 * belongs to one loader, and none of them can begin an SVG.
 */
export function recognise(data: Uint8Array): Kind | undefined {
  const begins = (bytes: readonly number[], at = 0) => bytes.every((byte, index) => data[at + index] === byte)
  const text = (from: number, to: number) => String.fromCharCode(...data.subarray(from, to))

  if (begins([0xff, 0xd8, 0xff])) return 'jpeg'
  if (begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp'
  if (/^GIF8[79]a$/.test(text(0, 6))) return 'gif'
  if (/^(II[*+]\0|MM\0[*+])$/.test(text(0, 4))) return 'tiff'
  if (text(4, 8) === 'ftyp') return isAvif(data, text) ? 'avif' : undefined
  return isSvg(data) ? 'svg' : undefined
}

/** Brands of four letters follow the major one at 8 and the version at 12, up to the end of the first box. */
function isAvif(data: Uint8Array, text: (from: number, to: number) => string): boolean {
  const length = new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(0)
  const brands = text(8, 12) + text(16, Math.min(length, 256))
  return /^(.{4})*(avif|avis)/s.test(brands)
}

function isSvg(data: Uint8Array): boolean {
  const beginning = new TextDecoder('latin1').decode(data.subarray(0, 4096)).replaceAll('\0', '')
  return /<(\w+:)?svg[\s>]/i.test(beginning)
}
