import { checkContent } from './check-content.ts'
import { imageSpec } from './image-spec.ts'
import type { Issue } from './options.ts'
import type { AnyProcessor } from './processor.ts'
import type { SpecContent } from './spec-content.ts'
import type { ImageSpec, SpecSettings } from './spec-types.ts'

export interface SpecDataSettings extends Omit<SpecSettings, 'use'> {
  /** Processors of one's own that the data may name. */
  readonly processors?: readonly AnyProcessor[] | undefined
}

/**
 * Makes an image spec from plain data, such as
 * `{ "processors": [["resizeToFill", { "width": 300, "height": 200 }]], "format": "webp" }`.
 *
 * @throws INVALID_SPEC with all mistakes and their paths; UNKNOWN_PROCESSOR if nothing else is wrong.
 */
export function imageSpecFromData(data: unknown, { processors, ...settings }: SpecDataSettings = {}): ImageSpec {
  return imageSpec(data as SpecContent, { ...settings, use: processors })
}

/** Every mistake in a spec written as data, with its path; none if it is valid. */
export function checkSpecData(data: unknown, { processors }: SpecDataSettings = {}): readonly Issue[] {
  const checked = checkContent(data, processors)
  return 'spec' in checked ? [] : checked.issues
}
