import { inspect } from 'node:util'
import type { ImageCacheFile } from '@latent-image/kernel'
import { errors } from './errors.ts'

/** Tells how urgent a file is; `isAwaited`: somebody asks for it now, rather than in advance. */
export type Priority = (file: ImageCacheFile, isAwaited: boolean) => number

/** What somebody waits for goes before what is made in advance. */
export const awaitedFirst: Priority = (_, isAwaited) => Number(isAwaited)

/**
 * What a priority tells of a file.
 *
 * @throws INVALID_PRIORITY
 */
export function urgencyOf(priority: Priority, file: ImageCacheFile, isAwaited: boolean): number {
  const invalid = (problem: string, cause?: unknown) => errors.INVALID_PRIORITY({ file: file.label, problem }, cause)
  let urgency: unknown
  try {
    urgency = priority(file, isAwaited)
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), error)
  }
  if (typeof urgency === 'number' && Number.isFinite(urgency)) return urgency
  throw invalid(`it is ${inspect(urgency)}`)
}
