import { isLatentImageError } from '@latent-image/kernel'
import { errors } from './errors.ts'
import { scaleSize } from './geometry.ts'
import type { CompleteLimits } from './limits.ts'
import type { Picture } from './picture.ts'
import { messageOf } from './sharp-error.ts'
import type { PreparedStep } from './steps.ts'

/**
 * Lets one processor say what is to be done to a picture.
 *
 * @throws PICTURE_TOO_LARGE, PROCESSOR_FAILED naming the processor.
 */
export function applyStep(step: PreparedStep, picture: Picture, source: string, { pixels }: CompleteLimits): Picture {
  const { name } = step.definition
  const result = attempt(name, source, () => step.definition.apply(picture.handedTo(name), step.options))
  if (result.settled && result.width * result.height > pixels) {
    throw errors.PICTURE_TOO_LARGE({ processor: name, width: result.width, height: result.height, allowed: pixels })
  }
  return result
}

function attempt(processor: string, source: string, apply: () => Picture): Picture {
  try {
    return apply()
  } catch (error) {
    if (isLatentImageError(error)) throw error
    throw errors.PROCESSOR_FAILED({ processor, source, reason: messageOf(error) }, error)
  }
}

/** Scales a picture down to the longest side that a spec may make. */
export function clampSize(picture: Picture, { outputSide }: CompleteLimits): Picture {
  const factor = outputSide / Math.max(picture.width, picture.height)
  if (factor >= 1) return picture
  const { width, height } = scaleSize(picture, factor)
  return picture.resize(width, height)
}
