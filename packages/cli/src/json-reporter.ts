import type { LatentImageError } from '@latent-image/kernel'
import { reasonOf } from './errors.ts'
import type { Outcome } from './outcome.ts'
import type { Reporter } from './reporter.ts'
import { type Terminal, writeLine } from './terminal.ts'

/** One JSON object per line: one for each file as it is done, and `{ "summary": … }` at the end. */
export function jsonReporter({ out, err }: Terminal): Reporter {
  const write = (value: object) => writeLine(out, JSON.stringify(value))
  return {
    outcome: (outcome) => write(dataOf(outcome)),
    failure: (error) => write(dataOfError(error)),
    warning: (message) => writeLine(err, `warning: ${message}`),
    end: ({ counts, reasons }, { milliseconds, interrupted }) =>
      write({ summary: { ...counts, milliseconds: Math.round(milliseconds), interrupted, reasons } }),
  }
}

function dataOf({ file, ...outcome }: Outcome): object {
  const about = {
    file: file.name,
    generator: file.generator.id,
    source: file.source?.name ?? null,
    params: file.params,
  }
  if (outcome.outcome !== 'failed') return { ...about, ...outcome }
  return { ...about, ...dataOfError(outcome.error) }
}

function dataOfError(error: LatentImageError): object {
  return { outcome: 'failed', code: error.code, fault: error.fault, message: reasonOf(error) }
}
