import { isLatentImageError } from '@latent-image/kernel'
import { assertSize, type Size } from './geometry.ts'
import { applyStep, attempt, clampSize, pictureOf, type SourceSize } from './plan.ts'
import type { ResolvedSpec } from './spec-content.ts'

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

function plannedSize(spec: ResolvedSpec, source: SourceSize): Size | undefined {
  const { steps, limits } = spec
  if (source.width * source.height > limits.pixels) return undefined
  let current = pictureOf(spec, source)
  for (const step of steps) {
    const { definition, options } = step
    const next = applyStep(step, current, { source: '', frames: 1, limits })
    if (next.settled) {
      current = next
      continue
    }
    const { size } = current
    const foretold = attempt(definition.name, '', () => {
      const told = definition.predict?.(size, options)
      return told && next.continueAt(assertSize(told))
    })
    if (!foretold) return undefined
    current = foretold
  }
  const { width: outputWidth, height: outputHeight } = clampSize(current, limits)
  return { width: outputWidth, height: outputHeight }
}
