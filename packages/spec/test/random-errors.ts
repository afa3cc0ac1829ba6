import { isLatentImageError, type LatentImageError } from '@latent-image/kernel'
import { errors } from '@latent-image/spec'
import sharp from 'sharp'
import { expect } from 'vitest'
import type { RandomContent } from './random-content.ts'
import type { RandomSource } from './random-pictures.ts'
import { type RandomSpec, specOf } from './random-specs.ts'

/** A wrong spec is refused as such, and a right one only where its limits, its regions or the source explain that. */
export async function assertExplained(error: LatentImageError, source: RandomSource, spec: RandomSpec): Promise<void> {
  const { code } = error
  expect(Object.keys(errors)).toContain(code)
  if (!spec.isValid) {
    expect(['INVALID_SPEC', 'INVALID_PROCESSOR', 'UNKNOWN_PROCESSOR']).toContain(code)
    return
  }
  const { limits } = spec.content
  switch (code) {
    case 'SOURCE_BROKEN':
      return expect(source.isWhole).toBe(false)
    case 'SOURCE_UNSUPPORTED':
      return expect(!source.isWhole || (source.kind === 'SVG' && !limits.svg)).toBe(true)
    case 'SOURCE_TOO_LARGE':
      return expect(!source.isWhole || (await isOverLimit(source, limits))).toBe(true)
    case 'PROCESSOR_FAILED':
      return assertMissed(error.cause, source, spec)
    case 'PICTURE_TOO_LARGE':
      return expect(await isForetold(source, spec)).toBe(false)
    default:
      throw new Error(`Nothing explains ${code}`, { cause: error })
  }
}

/** A processor fails where nothing is of what it is asked for, and where an image that it opens is over a limit. */
async function assertMissed(cause: unknown, source: RandomSource, spec: RandomSpec): Promise<void> {
  const isUsed = (...processors: string[]) => spec.content.processors.some(([name]) => processors.includes(name))
  const reason = cause instanceof Error ? cause.cause : undefined
  if (isLatentImageError(reason)) {
    expect([reason.code, isUsed('watermark')]).toEqual(['SOURCE_TOO_LARGE', true])
    return
  }
  expect(cause).toBeInstanceOf(RangeError)
  expect(isUsed('crop', 'extract', 'resizeCanvas')).toBe(true)
  expect(await isForetold(source, spec)).toBe(false)
}

/** Whether a size was foretold of what could not be made. How many frames a picture has is not known beforehand. */
async function isForetold({ data, isWhole }: RandomSource, spec: RandomSpec): Promise<boolean> {
  const original = await sharp(data).metadata()
  return isWhole && (original.pages ?? 1) === 1 && specOf(spec, 'JSON').predict(original) !== undefined
}

async function isOverLimit({ data }: RandomSource, limits: RandomContent['limits']): Promise<boolean> {
  const { format, width, height, channels, pages = 1 } = await sharp(data).metadata()
  const most = format === 'heif' ? limits.avifPixels : limits.pixels
  const over = (found: number, allowed: unknown) => typeof allowed === 'number' && found > allowed
  return (
    over(data.length, limits.bytes) ||
    over(channels, limits.channels ?? 5) ||
    over(pages, limits.frames) ||
    over(width * height * pages, most)
  )
}
