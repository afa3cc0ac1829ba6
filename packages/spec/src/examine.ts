import { errors } from './errors.ts'
import { assertAtMost, type CompleteLimits, mostFrames } from './limits.ts'
import { type Kind, recognise } from './recognise.ts'
import { avifStructure } from './structure/avif.ts'
import { gifStructure } from './structure/gif.ts'
import { jpegStructure } from './structure/jpeg.ts'
import { pngStructure } from './structure/png.ts'
import type { Structure } from './structure/structure.ts'
import { tiffStructure } from './structure/tiff.ts'
import { webpStructure } from './structure/webp.ts'

/** A file that a decoder may be shown. */
export interface Examined {
  readonly kind: Kind
  /** The file, or what of it the pixels depend on. */
  readonly data: Uint8Array
}

/** Progressive pictures have about ten. Each takes the time of all pixels, and a few bytes are enough for one. */
const mostScans = 100

const structures: Readonly<Record<Kind, (data: Buffer) => Structure>> = {
  jpeg: jpegStructure,
  png: pngStructure,
  webp: webpStructure,
  gif: gifStructure,
  tiff: tiffStructure,
  avif: avifStructure,
  svg: () => ({ isWhole: true }),
}

/**
 * Looks at bytes before any decoder does: decoders make pictures of files that were cut off, as far as they need no more of
 * them, and some can be kept busy for minutes by the header alone.
 *
 * @param source - Its name, for errors.
 * @throws SOURCE_BROKEN, SOURCE_UNSUPPORTED, SOURCE_TOO_LARGE.
 */
export function examine(data: Uint8Array, source: string, limits: CompleteLimits): Examined {
  if (data.byteLength === 0) throw errors.SOURCE_BROKEN({ source, reason: 'it has no bytes' })
  assertAtMost('bytes', data.byteLength, limits.bytes, source)
  const kind = recognise(data)
  if (kind === undefined) throw errors.SOURCE_UNSUPPORTED({ source, reason: 'its first bytes are those of no format' })
  if (kind === 'svg' && !limits.svg) {
    throw errors.SOURCE_UNSUPPORTED({ source, reason: 'it is an SVG, and `limits.svg` is off' })
  }
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const { isWhole, frames = 1, scans = 1, essence = data } = structures[kind](bytes)
  if (!isWhole) throw errors.SOURCE_BROKEN({ source, reason: 'it does not go on to its end' })
  assertAtMost('frames', frames, mostFrames, source)
  if (scans > mostScans) {
    throw errors.SOURCE_UNSUPPORTED({ source, reason: `it has ${scans} scans, and ${mostScans} are allowed` })
  }
  return { kind, data: essence }
}
