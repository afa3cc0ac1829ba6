import * as v from 'valibot'
import { type AnyIssue, type Issue, issuesOf, type JsonObject } from './options.ts'
import { type AnyProcessor, checkStep, type ProcessorDefinition, processorOf, type Step } from './processor.ts'
import { standardProcessors } from './processors/standard.ts'

/** A step as it can be written in JSON: a name with options. */
export type StepData = readonly [name: string, options?: JsonObject]

/** A processor with its options complete, ready to be applied. */
export interface PreparedStep {
  readonly definition: ProcessorDefinition
  readonly options: object
}

/** A step that was checked, with its implementation. */
export interface FoundStep {
  readonly step: Step
  readonly processor: AnyProcessor
}

/** Steps that were written down, checked: all mistakes at once. */
export interface CheckedSteps {
  readonly found: readonly FoundStep[]
  readonly issues: readonly Issue[]
  /** Names of processors that nobody knows; each is among the issues too. */
  readonly unknown: readonly string[]
}

const dataSchema = v.union([
  v.strictTuple([v.string()]),
  v.strictTuple([v.string(), v.record(v.string(), v.unknown())]),
  v.object({ name: v.string(), options: v.optional(v.record(v.string(), v.unknown()), {}) }),
])

/** Checks steps, however they were written, and finds their processors: the step's own, else one of `processors`. */
export function checkSteps(written: readonly unknown[], processors: readonly AnyProcessor[] = []): CheckedSteps {
  const found: FoundStep[] = []
  const issues: Issue[] = []
  const unknown: string[] = []
  for (const [index, entry] of written.entries()) {
    const own = typeof entry === 'object' && entry !== null ? processorOf(entry) : undefined
    if (own) {
      found.push({ step: entry as Step, processor: own })
      continue
    }
    const read = readStep(entry, processors)
    if ('step' in read) found.push(read)
    else {
      issues.push(...issuesOf(read.issues, 'processors', index, ...read.path))
      if (read.unknown !== undefined) unknown.push(read.unknown)
    }
  }
  return { found, issues, unknown }
}

interface BadStep {
  readonly path: readonly string[]
  readonly issues: readonly AnyIssue[]
  readonly unknown?: string
}

/** Reads a step that came as data. */
function readStep(entry: unknown, processors: readonly AnyProcessor[]): FoundStep | BadStep {
  const { success, output } = v.safeParse(dataSchema, entry)
  if (!success) return { path: [], issues: [{ message: 'Expected a call of a processor, or ["name", { options }]' }] }
  const [name, options = {}] = 'name' in output ? [output.name, output.options] : output
  const processor = [...processors, ...standardProcessors].find(({ definition }) => definition.name === name)
  if (!processor) return { path: [], issues: [{ message: `There is no processor \`${name}\` here` }], unknown: name }
  const { step, issues } = checkStep(processor, options)
  return step ? { step, processor } : { path: [name], issues }
}

/** Completes a step's options with their defaults. */
export function prepareStep({ step, processor: { definition } }: FoundStep): PreparedStep {
  return { definition, options: v.parse(definition.options, step.options) }
}

export function processorNames(processors: readonly AnyProcessor[] = []): string[] {
  return [...standardProcessors, ...processors].map(({ definition }) => definition.name)
}
