import { stripVTControlCharacters, styleText } from 'node:util'
import type { Reporter } from './reporter.ts'
import type { Summary } from './summary.ts'
import { type Terminal, writeLine } from './terminal.ts'
import { countsOf, lineOf, lineOfError, summaryOf } from './text.ts'

/** Milliseconds between two drawings. */
const interval = 80
const barWidth = 30
const clearLine = '\r\u001b[2K'

/**
 * A progress bar at the bottom of a terminal, failures above it.
 *
 * It leaves the terminal's input alone, so that Ctrl-C stays a signal.
 *
 * @param total - How many files there are, once that is known.
 */
export function barReporter({ out, err }: Terminal, total: Promise<number | undefined>): Reporter {
  let known: number | undefined
  let drawn = Number.NEGATIVE_INFINITY
  void total.then((count) => {
    known = count
  })

  const draw = (summary: Summary): void => {
    if (performance.now() - drawn < interval) return
    drawn = performance.now()
    err.write(`${clearLine}${fitting(`${barOf(summary.total, known)} ${countsOf(summary)}`, err.columns)}`)
  }
  const above = async (line: string): Promise<void> => {
    await writeLine(err, `${clearLine}${line}`)
    drawn = Number.NEGATIVE_INFINITY
  }

  return {
    async outcome(outcome, summary) {
      if (outcome.outcome === 'failed' || outcome.outcome === 'missing') await above(lineOf(outcome))
      draw(summary)
    },
    failure: (error) => above(styleText('red', lineOfError(error))),
    warning: (message) => above(styleText('yellow', `warning: ${message}`)),
    async end(summary, run) {
      err.write(clearLine)
      await writeLine(out, summaryOf(summary, run))
    },
  }
}

function barOf(done: number, total: number | undefined): string {
  if (total === undefined) return done.toLocaleString('en')
  const share = total === 0 ? 1 : Math.min(1, done / total)
  const full = Math.round(share * barWidth)
  const percent = `${Math.floor(share * 100)} %`.padStart(5)
  return `${styleText('green', '█'.repeat(full))}${styleText('dim', '░'.repeat(barWidth - full))}${percent}`
}

/** A longer line would wrap, and clearing it would leave the rest. A terminal that does not know its width says 0. */
function fitting(line: string, columns: number | undefined): string {
  const plain = stripVTControlCharacters(line)
  const width = columns || 80
  return plain.length < width ? line : plain.slice(0, width - 1)
}
