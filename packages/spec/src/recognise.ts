/** The kinds of picture that can be told by their first bytes. */
export type Kind = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif' | 'svg'

/** What sharp says of each kind once it has opened it. */
export const sharpFormats: Readonly<Record<Kind, string>> = {
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  tiff: 'tiff',
  avif: 'heif',
  svg: 'svg',
}

/**
 * Tells what kind of picture bytes are, whatever their name. Only what is recognised is handed to sharp, so that no
 * other of libvips' loaders can be reached, and none has to be blocked for the whole process: each of these beginnings
 * belongs to one loader, which libvips asks before that of SVG. That one opens whatever has `<svg` near its beginning and
 * nobody else wants, so nothing may be recognised here by less than what its own loader asks for.
 */
export function recognise(data: Uint8Array): Kind | undefined {
  const begins = (bytes: readonly number[], at = 0) => bytes.every((byte, index) => data[at + index] === byte)
  const text = (from: number, to: number) => String.fromCharCode(...data.subarray(from, to))

  if (begins([0xff, 0xd8, 0xff])) return 'jpeg'
  if (begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp'
  if (/^GIF8[79]a$/.test(text(0, 6))) return 'gif'
  if (/^(II[*+]\0|MM\0[*+])$/.test(text(0, 4))) return 'tiff'
  const box = text(4, 8) === 'ftyp' ? lengthOfBox(data) : 0
  // Brands have four letters; behind the first is a version.
  if (box > 0) return /^(.{4})*avi[fs]/s.test(text(8, 12) + text(16, box)) ? 'avif' : undefined
  return isSvg(data) ? 'svg' : undefined
}

/** Of the box that an ISO media file begins with; 0 where it is none, to libvips and by what it has to hold. */
function lengthOfBox(data: Uint8Array): number {
  const length = new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(0)
  return length >= 16 && length <= 2048 && length % 4 === 0 ? length : 0
}

function isSvg(data: Uint8Array): boolean {
  const beginning = new TextDecoder('latin1').decode(data.subarray(0, 4096)).replaceAll('\0', '')
  return /<(\w+:)?svg[\s>]/i.test(beginning)
}
