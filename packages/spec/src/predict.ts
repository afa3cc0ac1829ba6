import { isLatentImageError } from '@latent-image/kernel'
import { type Size, turnOfExif } from './geometry.ts'
import { Picture } from './picture.ts'
import { applyStep, clampSize } from './plan.ts'
import type { ResolvedSpec } from './spec-content.ts'
import { prepareStep } from './steps.ts'

/** What is known of a source: its size as it is stored, and its EXIF orientation. */
export interface SourceSize extends Size {
  /** 1 to 8. @default 1 */
  readonly orientation?: number | undefined
}

/** The size that a spec makes of a source; `undefined` where only making it tells, or where it cannot be made. */
export function predictedSize(spec: ResolvedSpec, source: SourceSize): Size | undefined {
  try {
    return plannedSize(spec, source)
  } catch (error) {
    // What cannot be planned cannot be made either: the one who makes it is told why.
    if (isLatentImageError(error) && error.fault === 'caller') return undefined
    throw error
  }
}

function plannedSize(
  { steps, limits, orient }: ResolvedSpec,
  { width, height, orientation }: SourceSize,
): Size | undefined {
  if (width * height > limits.pixels) return undefined
  const picture = Picture.of({ width, height }, turnOfExif(orientation))
  let current = orient ? picture.bringUpright() : picture
  for (const found of steps) {
    const { definition, options } = prepareStep(found)
    const next = applyStep({ definition, options }, current, '', limits)
    if (next.settled) {
      current = next
      continue
    }
    const size = definition.predict?.(current.size, options)
    if (!size) return undefined
    current = next.continueAt(size)
  }
  const { width: outputWidth, height: outputHeight } = clampSize(current, limits)
  return { width: outputWidth, height: outputHeight }
}
