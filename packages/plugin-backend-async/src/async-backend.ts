import { availableParallelism } from 'node:os'
import { checkOptions, type Plugin } from '@latent-image/kernel'
import { type AsyncBackendOptions, optionsSchema } from './options.ts'
import { ProcessQueue } from './process-queue.ts'
import { queueBackend } from './queue-backend.ts'

const name = 'backend-async'

/**
 * Generates later: `generate()` schedules and answers at once.
 *
 * @throws INVALID_OPTIONS
 */
export function asyncBackend(options?: AsyncBackendOptions): Plugin {
  const {
    concurrency = defaultConcurrency(),
    limit = 10_000,
    queue,
    ...rest
  } = checkOptions(name, optionsSchema, options)
  const createQueue = queue ?? ((work) => new ProcessQueue({ work, concurrency, limit }))
  return queueBackend({ name, createQueue, ...rest })
}

/** sharp and the file system share the threads of libuv's pool: two of them stay free for files. */
function defaultConcurrency(): number {
  const threads = Number(process.env.UV_THREADPOOL_SIZE) || 4
  return Math.max(1, Math.min(availableParallelism(), threads - 2))
}
