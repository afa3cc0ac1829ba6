import { formats } from '../src/formats.ts'
import { standardProcessors } from '../src/processors/standard.ts'
import type { Outcome } from './random-outcomes.ts'
import { type RandomSource, sourceKinds } from './random-pictures.ts'
import { forms, type RandomSpec } from './random-specs.ts'

type Counts = Map<string, number>

const zeros = (names: readonly string[]): Counts => new Map(names.map((name) => [name, 0]))

/** Counts what has become a picture. */
export class Tally {
  made = 0
  readonly #counts = {
    processor: zeros(standardProcessors.map(({ definition }) => definition.name)),
    format: zeros(formats.map((format) => `image/${format}`)),
    source: zeros(sourceKinds),
    form: zeros(forms),
  }

  add(source: RandomSource, spec: RandomSpec, outcome: Outcome): void {
    if (!('made' in outcome)) return
    this.made++
    const { processor, format, form, source: kinds } = this.#counts
    for (const name of new Set(spec.content.processors.map(([name]) => name))) increase(processor, name)
    increase(format, outcome.made.facts.type)
    increase(form, spec.form)
    if (source.isWhole) increase(kinds, source.kind)
  }

  /** What of its sort was made least often, and how often. */
  rarest(sort: 'processor' | 'format' | 'source' | 'form'): readonly [name: string, count: number] {
    const [rarest] = [...this.#counts[sort]].sort(([, one], [, other]) => one - other)
    return rarest ?? ['', 0]
  }
}

function increase(counts: Counts, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
