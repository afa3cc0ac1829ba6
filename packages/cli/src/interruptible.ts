import { constants } from 'node:os'
import { type Terminal, writeLine } from './terminal.ts'

/** What work came to, and the signal that ended it early, if one did. */
export interface Interrupted<Result> {
  readonly result: Result
  readonly ended: NodeJS.Signals | undefined
}

/**
 * Lets work end early and cleanly: on the first SIGINT or SIGTERM, and when nobody reads the output any more, its signal
 * is aborted. A second SIGINT or SIGTERM ends the process at once.
 */
export async function interruptible<Result>(
  { out, err }: Terminal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Interrupted<Result>> {
  const controller = new AbortController()
  let ended: NodeJS.Signals | undefined
  const end = (signal: NodeJS.Signals): void => {
    ended ??= signal
    controller.abort()
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    if (ended !== undefined) process.exit(exitCode(signal))
    end(signal)
    if (signal === 'SIGINT') void writeLine(err, 'Finishing what is in work; press Ctrl-C again to stop at once.')
  }
  // Stays: what is written last may break the pipe, too.
  const onBrokenPipe = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error
    end('SIGPIPE')
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  for (const stream of [out, err]) stream.on('error', onBrokenPipe)
  try {
    const result = await work(controller.signal)
    return { result, ended }
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

/** What a shell tells of a process that a signal ended. */
export function exitCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
