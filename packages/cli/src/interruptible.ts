import { constants } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { errors } from './errors.ts'
import { type Terminal, writeLine } from './terminal.ts'

/** What work came to, and the signal that ended it early, if one did. */
export interface Interrupted<Result> {
  readonly result: Result
  readonly ended: NodeJS.Signals | undefined
}

/**
 * Lets work end early and cleanly: on the first SIGINT or SIGTERM, and when nobody reads the output any more, its signal
 * is aborted. A second SIGINT or SIGTERM ends the process at once.
 *
 * @throws OUTPUT_FAILED, when the work has ended, if the output could not be written.
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
  let failure: Error | undefined
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE') end('SIGPIPE')
    else failure ??= error
    controller.abort()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  for (const stream of [out, err]) stream.on('error', onError)
  try {
    const result = await work(controller.signal)
    // What was written last may have failed, too.
    await setImmediate()
    if (failure) throw errors.OUTPUT_FAILED({ reason: failure.message }, failure)
    return { result, ended }
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

/** What a shell tells of a process that a signal ended. */
export function exitCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
