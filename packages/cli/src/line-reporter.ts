import type { Reporter } from './reporter.ts'
import { type Terminal, writeLine } from './terminal.ts'
import { lineOf, lineOfError, summaryOf } from './text.ts'

/** A plain line for each file that was not there already; failures go to the error stream. */
export function lineReporter({ out, err }: Terminal): Reporter {
  return {
    async outcome(outcome) {
      if (outcome.outcome !== 'exists') await writeLine(outcome.outcome === 'failed' ? err : out, lineOf(outcome))
    },
    failure: (error) => writeLine(err, lineOfError(error)),
    warning: (message) => writeLine(err, `warning: ${message}`),
    end: (summary, run) => writeLine(out, summaryOf(summary, run)),
  }
}
