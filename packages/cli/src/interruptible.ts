import { constants } from 'node:os'
import { type Terminal, writeLine } from './terminal.ts'

/**
 * Lets work end early and cleanly: on the first SIGINT or SIGTERM, and when nobody reads the output any more, its signal
 * is aborted and the exit code tells why. A second SIGINT ends the process at once.
 */
export async function interruptible(
  { out, err }: Terminal,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const controller = new AbortController()
  let reason: NodeJS.Signals | undefined
  const stop = (signal: NodeJS.Signals): void => {
    reason ??= signal
    controller.abort()
  }
  const onInterrupt = (): void => {
    if (reason !== undefined) process.exit(exitCode('SIGINT'))
    stop('SIGINT')
    void writeLine(err, 'Finishing what is in work; press Ctrl-C again to stop at once.')
  }
  const onTerminate = (): void => stop('SIGTERM')
  const onBrokenPipe = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error
    stop('SIGPIPE')
  }
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onTerminate)
  for (const stream of [out, err]) stream.on('error', onBrokenPipe)
  try {
    const code = await work(controller.signal)
    return reason === undefined ? code : exitCode(reason)
  } finally {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onTerminate)
  }
}

/** What a shell tells of a process that a signal ended. */
function exitCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
