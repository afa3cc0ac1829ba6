import type { SourceMaterial } from './material.ts'
import type { GeometryPass } from './passes.ts'

/** Pixels at the most that are decoded for several derivatives at once: up to 96 MB. */
const mostPixels = 24_000_000

/** From which reduction on sharp decodes a JPEG small: 2 is too near to where libjpeg rounds. */
const leastJpegReduction = 3

/**
 * Whether a pass makes the same of a source's decoded pixels, to the bit, as of the source itself. It does not where sharp
 * decodes small, calculates with more bits than pixels have, or turns the picture only after it was scaled.
 */
export function suitsWholePicture(
  { resize, before }: GeometryPass,
  { frames, options, header }: SourceMaterial,
): boolean {
  const { kind, width, height, isPlain } = header
  if (frames > 1 || options.autoOrient || !isPlain || kind === 'svg' || width * height > mostPixels) return false
  if (!resize || before) return true
  const reduction = Math.min(width / resize.width, height / resize.height)
  if (kind === 'jpeg') return reduction < leastJpegReduction
  return kind !== 'webp' || reduction <= 1
}
