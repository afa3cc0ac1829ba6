import * as v from 'valibot'
import { errors } from './errors.ts'
import { type Format, formatSchemas, formats, isFormat, sharedOptionsSchema } from './formats.ts'
import { limitsSchema, standardLimits } from './limits.ts'
import {
  type Issue,
  isPlainObject,
  isPromise,
  issuesOf,
  kindOf,
  type PlainObject,
  withoutDefaults,
  withoutUndefined,
} from './options.ts'
import { placeholderKind, placeholderSchema } from './placeholder.ts'
import type { AnyProcessor } from './processor.ts'
import type { ResolvedSpec } from './spec-content.ts'
import { checkSteps, processorNames } from './steps.ts'

const objectSchema = v.custom<PlainObject>(
  isPlainObject,
  ({ received }) => `Expected an object, but received ${received}`,
)

const contentSchema = v.strictObject({
  processors: v.optional(v.array(v.unknown()), []),
  format: v.optional(v.picklist([...formats, 'auto']), 'auto'),
  options: v.optional(objectSchema, {}),
  limits: v.optional(v.pipe(objectSchema, limitsSchema), standardLimits),
  orient: v.optional(v.boolean(), true),
  animated: v.optional(v.boolean(), true),
  placeholder: v.optional(placeholderSchema, false),
})

type CheckedContent =
  | { readonly spec: ResolvedSpec }
  | {
      readonly issues: readonly Issue[]
      /** Names of processors that nobody knows; each is among the issues too. */
      readonly unknown: readonly string[]
    }

/** Checks a spec's content, whether written in code or read from a file. Returns every mistake with its path. */
export function checkContent(content: unknown, processors: readonly AnyProcessor[] = []): CheckedContent {
  if (!isPlainObject(content)) return { issues: [{ path: '', message: insteadOfContent(content) }], unknown: [] }
  const given = withoutUndefined(content)
  const shape = v.safeParse(contentSchema, given)
  // Parts are checked even where others are wrong, so that all mistakes are told at once.
  const parts = shape.success ? shape.output : partsOf(given)
  const steps = checkSteps(parts.processors, processors)
  const format = parts.format === 'auto' ? undefined : parts.format
  const optionsSchema = format ? formatSchemas[format] : sharedOptionsSchema
  const options = v.safeParse(optionsSchema, withoutUndefined(parts.options))
  const issues = [
    ...(shape.success ? [] : issuesOf(shape.issues)),
    ...steps.issues,
    ...(options.success ? [] : issuesOf(options.issues, 'options')),
  ]
  if (!shape.success || !options.success || issues.length > 0) return { issues, unknown: steps.unknown }

  const { limits, orient, animated, placeholder } = shape.output
  const encoding = { format, options: withoutDefaults(options.output, optionsSchema) }
  const rest = { limits, orient, animated, placeholder: placeholderKind(placeholder) }
  return { spec: { ...encoding, ...rest, steps: steps.prepared } }
}

function insteadOfContent(content: unknown): string {
  const advice = isPromise(content) ? ': a function that tells a spec cannot be async' : ''
  return `Expected an object with what the spec says, but received ${kindOf(content)}${advice}`
}

/** What can still be checked of a content whose shape is wrong; what is wrong with the rest is told already. */
function partsOf(content: PlainObject): { processors: unknown[]; format: Format | 'auto'; options: PlainObject } {
  const { processors, format, options } = content
  const known = typeof format === 'string' && isFormat(format) ? format : undefined
  return {
    processors: Array.isArray(processors) ? processors : [],
    format: known ?? 'auto',
    options: known && isPlainObject(options) ? options : {},
  }
}

/**
 * A spec's content, checked.
 *
 * @throws INVALID_SPEC, UNKNOWN_PROCESSOR
 */
export function resolveContent(content: unknown, processors: readonly AnyProcessor[] = []): ResolvedSpec {
  const checked = checkContent(content, processors)
  if ('spec' in checked) return checked.spec
  const [processor] = checked.unknown
  if (processor !== undefined && checked.issues.length === checked.unknown.length) {
    throw errors.UNKNOWN_PROCESSOR({ processor, known: processorNames(processors) })
  }
  throw errors.INVALID_SPEC({ issues: checked.issues })
}
