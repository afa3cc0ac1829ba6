import { inspect } from 'node:util'

const longestShown = 60

/** One thing that is wrong in a config file. */
export interface Mistake {
  /** The place inside of the file, such as `plugins[1].for`; empty for the whole. */
  readonly path: string
  /** What was found and what was expected, as a sentence. */
  readonly problem: string
  /** What to do, as a sentence. */
  readonly advice?: string | undefined
}

/** Collects mistakes, so that all of them can be told at once. */
export class Mistakes {
  readonly list: Mistake[] = []

  add(path: string, problem: string, advice?: string): void {
    this.list.push({ path, problem, advice })
  }
}

/** All mistakes of a file as one text, each with its place, what was found and what to do. */
export function reportOf(file: string, mistakes: readonly Mistake[]): string {
  const count = mistakes.length === 1 ? 'There is a mistake' : `There are ${mistakes.length} mistakes`
  const entries = mistakes.map(({ path, problem, advice }) =>
    [path, problem, advice]
      .filter((line) => line !== undefined && line !== '')
      .map((line, index) => `${index === 0 ? '  ' : '    '}${line}`)
      .join('\n'),
  )
  return [`${count} in \`${file}\`:`, ...entries].join('\n\n')
}

/** Extends a path: `plugins` and 1 to `plugins[1]`, `generators` and `a:b` to `generators["a:b"]`. */
export function pathTo(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`
  return path === '' ? key : `${path}.${key}`
}

/** A value in a few words, for a message. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function \`${value.name}\``
  const text = typeof value === 'string' ? JSON.stringify(value) : inspect(value, { depth: 1, breakLength: Infinity })
  return `\`${text.length > longestShown ? `${text.slice(0, longestShown - 1)}…` : text}\``
}

/** `Did you mean …?` for the candidate that is but a slip away, if there is one. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const known = [...candidates]
  if (known.includes(word)) return undefined
  const near = known
    .map((candidate) => ({ candidate, distance: distanceBetween(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance)[0]
  return near && `Did you mean \`${near.candidate}\`?`
}

/** Levenshtein's distance: how many letters to insert, remove or replace. */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
