import { isLatentImageError } from '@latent-image/kernel'
import { errors } from './errors.ts'
import { type Size, scaleSize, turnOfExif, turnSize } from './geometry.ts'
import type { CompleteLimits } from './limits.ts'
import { isPromise, kindOf } from './options.ts'
import { Picture } from './picture.ts'
import type { PreparedStep } from './processor.ts'
import { messageOf } from './sharp-error.ts'

/** What is known of a source: its size as it is stored, and its EXIF orientation. */
export interface SourceSize extends Size {
  /** 1 to 8. @default 1 */
  readonly orientation?: number | undefined
}

/** The size of a source once it is upright. */
export function uprightSize(source: SourceSize): Size {
  return turnSize(source, turnOfExif(source.orientation))
}

/** What the processors of a spec start from. */
export function pictureOf({ orient }: { readonly orient: boolean }, source: SourceSize): Picture {
  const { width, height, orientation } = source
  const picture = Picture.of({ width, height }, turnOfExif(orientation))
  return orient ? picture.bringUpright() : picture
}

/** Where a processor is at work. */
export interface Task {
  /** The source's name, for errors. */
  readonly source: string
  /** How many frames have to be made of what the processor asks for. */
  readonly frames: number
  readonly limits: CompleteLimits
}

/**
 * Lets one processor say what is to be done to a picture.
 *
 * @throws PICTURE_TOO_LARGE, PROCESSOR_FAILED naming the processor.
 */
export function applyStep(step: PreparedStep, picture: Picture, { source, frames, limits }: Task): Picture {
  const { name } = step.definition
  const result = attempt(name, source, () => assertPicture(step.definition.apply(picture.handedTo(name), step.options)))
  const { width, height } = result.largest
  if (width * height * frames > limits.pixels) {
    throw errors.PICTURE_TOO_LARGE({ processor: name, width, height, frames, allowed: limits.pixels })
  }
  return result
}

function assertPicture(result: unknown): Picture {
  if (result instanceof Picture) return result
  const advice = isPromise(result) ? ': what has to be waited for belongs into `picture.effect`' : ''
  throw new TypeError(`\`apply\` returned ${kindOf(result)}, and not what a method of the picture returns${advice}`)
}

/**
 * Lets a processor say something.
 *
 * @throws PROCESSOR_FAILED naming the processor.
 */
export function attempt<Result>(processor: string, source: string, say: () => Result): Result {
  try {
    return say()
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
