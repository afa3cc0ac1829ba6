import { isLatentImageError } from '@latent-image/kernel'
import { errors } from './errors.ts'
import { assertSize, isCount, type Size } from './geometry.ts'
import { kindOf } from './options.ts'
import type { Picture } from './picture.ts'
import { applyStep, attempt, clampSize, pictureOf, type SourceSize } from './plan.ts'
import type { PreparedStep } from './processor.ts'
import type { ResolvedSpec } from './spec-content.ts'

/**
 * The size that a spec makes of a source; `undefined` where only making it tells, or where it cannot be made.
 *
 * @throws INVALID_SIZE where no source can have the size.
 */
export function predictedSize(spec: ResolvedSpec, source: SourceSize): Size | undefined {
  const { width, height } = source ?? {}
  if (!isCount(width, 1) || !isCount(height, 1)) {
    const isSize = typeof source === 'object' && source !== null
    throw errors.INVALID_SIZE({ found: isSize ? `${kindOf(width)} × ${kindOf(height)}` : kindOf(source) })
  }
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
    const next = applyStep(step, current, { source: '', frames: 1, limits })
    const settled = next.settled ? next : foretold(step, current.size, next)
    if (!settled) return undefined
    current = settled
  }
  const { width, height } = clampSize(current, limits)
  return { width, height }
}

/** The picture at the size that its processor foretells in words, if it does. */
function foretold({ definition, options }: PreparedStep, size: Size, picture: Picture): Picture | undefined {
  return attempt(definition.name, '', () => {
    const told = definition.predict?.(size, options)
    return told && picture.continueAt(assertSize(told))
  })
}
