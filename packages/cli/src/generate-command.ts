import { loadKernel } from '@latent-image/config'
import { barReporter } from './bar-reporter.ts'
import { countFiles, generateFiles } from './generate-files.ts'
import { jsonReporter } from './json-reporter.ts'
import { lineReporter } from './line-reporter.ts'
import { Summary } from './summary.ts'
import type { Terminal } from './terminal.ts'

export interface GenerateCommandOptions {
  readonly patterns: readonly string[]
  readonly concurrency: number
  readonly force: boolean
  readonly dryRun: boolean
  readonly json: boolean
  readonly ignoreBadSources: boolean
  readonly config?: string | undefined
}

/** `latent-image generate`: loads the config, generates, tells, closes. Resolves to whether all went well. */
export async function generateCommand(
  options: GenerateCommandOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  const began = performance.now()
  const kernel = await loadKernel(options.config === undefined ? {} : { file: options.config })
  const run = { ...options, signal }
  try {
    const reporter = options.json
      ? jsonReporter(terminal)
      : isInteractive(terminal)
        ? barReporter(terminal, countFiles(kernel, run))
        : lineReporter(terminal)
    kernel.events.on('warning', ({ message }) => reporter.warning(message))
    kernel.events.on('cacheUnavailable', ({ plugin }) =>
      reporter.warning(`The cache of \`${plugin}\` does not answer.`),
    )
    const summary = new Summary()
    await generateFiles(kernel, run, {
      outcome(outcome) {
        summary.add(outcome)
        return reporter.outcome(outcome, summary)
      },
      failure(error) {
        summary.fail(error)
        return reporter.failure(error, summary)
      },
    })
    if (!signal.aborted) await kernel.idle()
    await reporter.end(summary, { milliseconds: performance.now() - began, interrupted: signal.aborted })
    return !summary.failed(options)
  } finally {
    await kernel.close()
  }
}

/** Somebody watches, and the terminal can move its cursor. */
function isInteractive({ out, err }: Terminal): boolean {
  return Boolean(out.isTTY && err.isTTY && !process.env.CI && process.env.TERM !== 'dumb')
}
