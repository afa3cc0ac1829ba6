import { setTimeout } from 'node:timers/promises'
import { kernelOf, loadConfig } from '@latent-image/config'
import type { Kernel } from '@latent-image/kernel'
import { errors } from './errors.ts'
import { queuePluginsOf } from './queue-plugins.ts'
import { printable, type Terminal, writeLine } from './terminal.ts'
import { lineOfError } from './text.ts'

export interface WorkerCommandOptions {
  readonly concurrency: number
  /** Seconds that work in hand may take after a signal to end. */
  readonly drain: number
  readonly config?: string | undefined
}

/**
 * `latent-image worker`: works on the config's queues until the signal is aborted, then finishes what is in work.
 *
 * What cannot be finished within the limit goes to another worker, once this process has ended.
 *
 * @throws NO_QUEUE
 */
export async function workerCommand(
  { concurrency, drain, config: file }: WorkerCommandOptions,
  { out, err }: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const loaded = await loadConfig(file === undefined ? {} : { file })
  const plugins = queuePluginsOf(loaded.config)
  if (plugins.size === 0) throw errors.NO_QUEUE({ file: loaded.file ?? 'The default config' })
  const kernel = kernelOf(loaded)
  tellEvents(kernel, { out, err })
  const workers = [...plugins].map((plugin) => plugin.work(kernel, { concurrency }))
  const names = [...plugins].map(({ name }) => `\`${name}\``).join(', ')
  await writeLine(out, `Working on the queue of ${names}, ${concurrency} at a time. SIGTERM or Ctrl-C to end.`)
  await aborted(signal)
  await writeLine(out, `Finishing what is in work, for up to ${drain} s.`)
  const isDone = await within(drain * 1000, async () => {
    await Promise.all(workers.map((worker) => worker.close(drain * 1000)))
    await kernel.close()
  })
  await writeLine(out, isDone ? 'Ended.' : 'Ended; what was still in work goes to another worker.')
}

/** Says what becomes of files, and when the worker has to wait for something and has it back. */
function tellEvents({ events }: Kernel, { out, err }: Terminal): void {
  const lost = (what: string, error: unknown) =>
    writeLine(err, `lost: ${printable(withReason(`${what}, until it is back.`, error))}`)
  const restored = (what: string) => writeLine(err, `back: ${printable(what)}.`)
  events
    .on('generated', ({ file, milliseconds }) =>
      writeLine(out, `generated: ${printable(String(file.name))} (${Math.round(milliseconds)} ms)`),
    )
    .on('failed', ({ file, error }) => writeLine(err, lineOfError(error, file)))
    .on('warning', ({ message, error }) => writeLine(err, `warning: ${printable(withReason(message, error))}`))
    .on('queueUnavailable', ({ queue, error }) => lost(`the queue \`${queue}\``, error))
    .on('queueRestored', ({ queue }) => restored(`the queue \`${queue}\``))
    .on('cacheUnavailable', ({ plugin, error }) => lost(`the state cache of \`${plugin}\``, error))
    .on('cacheRestored', ({ plugin }) => restored(`the state cache of \`${plugin}\``))
}

/** Whether work is done within so many milliseconds. */
async function within(limit: number, work: () => Promise<void>): Promise<boolean> {
  const over = new AbortController()
  const timeLimit = setTimeout(limit, false, { signal: over.signal }).catch(() => false)
  const isDone = await Promise.race([work().then(() => true), timeLimit])
  over.abort()
  return isDone
}

function withReason(message: string, error: unknown): string {
  return error instanceof Error ? `${message} ${error.message}` : message
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
