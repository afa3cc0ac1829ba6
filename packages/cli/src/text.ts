import type { ImageCacheFile, LatentImageError } from '@latent-image/kernel'
import { reasonOf } from './errors.ts'
import type { Outcome } from './outcome.ts'
import type { Summary } from './summary.ts'
import { printable } from './terminal.ts'

const words: Readonly<Record<Outcome['outcome'], string>> = {
  generated: 'generated',
  exists: 'already there',
  scheduled: 'scheduled',
  missing: 'would be generated',
  failed: 'failed',
}

export function lineOf(outcome: Outcome): string {
  if (outcome.outcome === 'failed') return lineOfError(outcome.error, outcome.file)
  const took = outcome.outcome === 'generated' ? ` (${Math.round(outcome.milliseconds)} ms)` : ''
  return `${words[outcome.outcome]}: ${printable(String(outcome.file.name))}${took}`
}

/** Most messages say which file they are about; the others are told. */
export function lineOfError(error: LatentImageError, file?: ImageCacheFile): string {
  const message = reasonOf(error)
  const about = file && !message.includes(file.label) ? `${file.label}: ` : ''
  return `failed: ${printable(`${about}${message}`)} (${error.code})`
}

/** `3 generated, 997 already there`: what has happened at all. */
export function countsOf({ counts }: Summary): string {
  const told = Object.entries(counts).filter(([, count]) => count > 0) as [Outcome['outcome'], number][]
  return told.map(([outcome, count]) => `${count.toLocaleString('en')} ${words[outcome]}`).join(', ')
}

/** The end of a run: what has happened, how long it took, and why files failed. */
export function summaryOf(summary: Summary, run: { milliseconds: number; interrupted: boolean }): string {
  const seconds = `${(run.milliseconds / 1000).toFixed(1)} s`
  const what = countsOf(summary) || 'Nothing to generate: no source group feeds these generators'
  const reasons = summary.reasons.map(
    ({ code, count, example }) => `  ${count.toLocaleString('en')} × ${code}, such as: ${printable(example)}`,
  )
  return [`${run.interrupted ? 'Interrupted: ' : ''}${what} (${seconds}).`, ...reasons].join('\n')
}
