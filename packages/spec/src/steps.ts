import * as v from 'valibot'
import { type AnyIssue, type Issue, isPlainObject, issuesOf, type JsonObject, type PlainObject } from './options.ts'
import { type AnyProcessor, type PreparedStep, preparationOf, prepareStep } from './processor.ts'
import { standardProcessors } from './processors/standard.ts'

/** A step as it can be written in JSON: a name with options. */
export type StepData = readonly [name: string, options?: JsonObject]

/** Steps that were written down, checked: all mistakes at once. */
export interface CheckedSteps {
  readonly prepared: readonly PreparedStep[]
  readonly issues: readonly Issue[]
  /** Names of processors that nobody knows; each is among the issues too. */
  readonly unknown: readonly string[]
}

const optionsSchema = v.optional(v.custom<PlainObject>(isPlainObject, 'Expected an object of options'), {})

const tupleSchema = v.strictTuple([v.string(), optionsSchema])

/** A step that became data, as JSON does it. */
const stepSchema = v.strictObject({
  name: v.string(),
  version: v.optional(v.number(), 1),
  options: optionsSchema,
})

/** Checks steps, however they were written, and finds their processors: the step's own, else one of `processors`. */
export function checkSteps(written: readonly unknown[], processors: readonly AnyProcessor[] = []): CheckedSteps {
  const prepared: PreparedStep[] = []
  const issues: Issue[] = []
  const unknown: string[] = []
  for (const [index, entry] of written.entries()) {
    const own = typeof entry === 'object' && entry !== null ? preparationOf(entry) : undefined
    const read = own ?? readStep(entry, processors)
    if ('step' in read) prepared.push(read)
    else {
      issues.push(...issuesOf(read.issues, 'processors', index, ...read.path))
      if (read.unknown !== undefined) unknown.push(read.unknown)
    }
  }
  return { prepared, issues, unknown }
}

interface BadStep {
  readonly path: readonly string[]
  readonly issues: readonly AnyIssue[]
  readonly unknown?: string
}

/** Reads a step that came as data. */
function readStep(entry: unknown, processors: readonly AnyProcessor[]): PreparedStep | BadStep {
  const written = readData(entry)
  if ('issues' in written) return { path: [], issues: written.issues }
  const { name, version, options } = written
  const processor = [...processors, ...standardProcessors].find(({ definition }) => definition.name === name)
  if (!processor) return { path: [], issues: [{ message: `There is no processor \`${name}\` here` }], unknown: name }
  const { definition } = processor
  const { version: known = 1 } = definition
  if (version !== undefined && version !== known) {
    const message = `This step is of version ${version} of \`${name}\`, which has version ${known} here`
    return { path: [], issues: [{ message }] }
  }
  const prepared = prepareStep(definition, options)
  return 'issues' in prepared ? { path: [name], issues: prepared.issues } : prepared
}

interface WrittenStep {
  readonly name: string
  /** Left out where whoever wrote it means the one that is there. */
  readonly version?: number
  readonly options: PlainObject
}

function readData(entry: unknown): WrittenStep | { readonly issues: readonly AnyIssue[] } {
  if (isPlainObject(entry)) {
    const { success, output, issues } = v.safeParse(stepSchema, entry)
    return success ? output : { issues }
  }
  const { success, output } = v.safeParse(tupleSchema, entry)
  if (!success) return { issues: [{ message: 'Expected a call of a processor, or ["name", { options }]' }] }
  const [name, options] = output
  return { name, options }
}

export function processorNames(processors: readonly AnyProcessor[] = []): string[] {
  return [...standardProcessors, ...processors].map(({ definition }) => definition.name)
}
