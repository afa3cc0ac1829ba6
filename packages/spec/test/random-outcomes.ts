import { type GeneratedImage, isLatentImageError, type LatentImageError } from '@latent-image/kernel'
import { imageSpec } from '@latent-image/spec'
import sharp, { type Metadata } from 'sharp'
import { expect } from 'vitest'
import type { RandomContent } from './random-content.ts'
import { assertExplained } from './random-errors.ts'
import type { RandomSource } from './random-pictures.ts'
import { type RandomSpec, specOf } from './random-specs.ts'

export type Outcome = { readonly made: GeneratedImage } | { readonly refused: string }

type Attempt = { readonly made: GeneratedImage } | { readonly error: LatentImageError }

/** Makes a derivative, and checks all that can be said of what comes out, be it a picture or an error. */
export async function outcomeOf(source: RandomSource, spec: RandomSpec): Promise<Outcome> {
  const outcome = await attempt(source, spec)
  if ('made' in outcome) {
    await assertWhole(outcome.made, source, spec)
    return outcome
  }
  await assertExplained(outcome.error, source, spec)
  return { refused: outcome.error.code }
}

async function attempt(source: RandomSource, spec: RandomSpec): Promise<Attempt> {
  try {
    return { made: await specOf(spec, spec.form).generate(source.data) }
  } catch (error) {
    if (isLatentImageError(error)) return { error }
    throw error
  }
}

async function assertWhole({ data, facts }: GeneratedImage, source: RandomSource, spec: RandomSpec): Promise<void> {
  const { content, isValid } = spec
  expect(isValid).toBe(true)
  const { width, height, type } = facts
  const frames = Number(facts.frames ?? 1)
  const [original, metadata, decoded, inspected] = await Promise.all([
    sharp(source.data).metadata(),
    sharp(data).metadata(),
    sharp(data, { failOn: 'warning', animated: true }).raw().toBuffer({ resolveWithObject: true }),
    imageSpec({}).inspect(data),
  ])
  expect(type).toBe(typeOf(content, original))
  expect(frames).toBeLessThanOrEqual(content.animated === false ? 1 : (original.pages ?? 1))

  expect(mediaTypeOf(metadata)).toBe(type)
  expect({ width: metadata.width, height: metadata.height, frames: metadata.pages ?? 1 }).toEqual({
    width,
    height,
    frames,
  })
  expect(Math.max(width, height)).toBeLessThanOrEqual(Number(content.limits.outputSide ?? 16_383))
  expect([metadata.exif, metadata.icc]).toEqual([undefined, undefined])
  expect(metadata.autoOrient).toEqual({ width, height })
  expect(decoded.data.length).toBe(width * height * frames * decoded.info.channels)

  const { placeholder, ...others } = facts
  expect(inspected).toEqual(others)
  assertPlaceholder(placeholder, content.placeholder)
  const predicted = specOf(spec, 'JSON').predict(original)
  if (predicted) expect(predicted).toEqual({ width, height })
  else expect(isHardToTell(content, original)).toBe(true)
}

function assertPlaceholder(found: unknown, asked: RandomContent['placeholder']): void {
  if (asked === 'inline') expect(found).toMatch(/^data:image\/webp;base64,/)
  else if (asked) expect(found).toMatch(/^[\w+/]{6,}=*$/)
  else expect(found).toBeUndefined()
}

/** Where a size cannot be foretold: it depends on the pixels, or the limit depends on the format, which is not known yet. */
function isHardToTell({ processors, limits }: RandomContent, { width, height }: Metadata): boolean {
  return processors.some(([name]) => name === 'trimBorderColor') || width * height > Number(limits.pixels)
}

/** Of a format that is left open, what the source is. */
function typeOf({ format = 'auto' }: RandomContent, original: Metadata): string {
  if (format !== 'auto') return `image/${format}`
  return original.format === 'svg' ? 'image/png' : mediaTypeOf(original)
}

function mediaTypeOf({ format, compression }: Metadata): string {
  return `image/${format === 'heif' && compression === 'av1' ? 'avif' : format}`
}
