import { checkOptions, type Kernel, type KernelEvents, type Plugin } from '@latent-image/kernel'
import { queueBackend, type Work } from '@latent-image/plugin-backend-async'
import { BullmqQueue } from './bullmq-queue.ts'
import { BullmqWorker } from './bullmq-worker.ts'
import { errors } from './errors.ts'
import { type BullmqBackendOptions, optionsSchema, type WorkOptions, workOptionsSchema } from './options.ts'

/** A worker on a queue. */
export interface QueueWorker {
  /**
   * Takes no other job, and resolves when those under way are done or the limit is over. What is not done by then goes to
   * another worker.
   *
   * @param limit - Milliseconds. @default 10_000
   */
  close(limit?: number): Promise<void>
}

/** A backend whose queue this process, or another with the same configuration, can work on. */
export interface BullmqBackend extends Plugin {
  /**
   * Works on the queue until the worker, or the kernel, is closed: from then on it takes no other job.
   *
   * @throws NOT_APPLIED, INVALID_OPTIONS, and QUEUE_CLOSED once the kernel is closed.
   */
  work(kernel: Kernel, options?: WorkOptions): QueueWorker
}

declare module '@latent-image/kernel' {
  interface EventPayloads {
    /** A worker has lost the Redis of its queue: once per outage. */
    queueUnavailable: { readonly plugin: string; readonly queue: string; readonly error: unknown }
    /** A worker has the Redis of its queue back. */
    queueRestored: { readonly plugin: string; readonly queue: string }
  }
}

const name = 'backend-bullmq'

/** Milliseconds. A kernel that closes ends what is under way after ten seconds; by then it is to be another worker's. */
const closingLimit = 9_000

/** What a kernel has of the backend, for those who work on its queue. */
interface Side {
  readonly work: Work
  readonly giveUp: Work
  readonly events: KernelEvents
  readonly workers: Set<BullmqWorker>
}

/**
 * Generates on whatever machines work on a BullMQ queue.
 *
 * @throws INVALID_OPTIONS
 */
export function bullmqBackend(options: BullmqBackendOptions): BullmqBackend {
  const checked = checkOptions(name, optionsSchema, options)
  const { attempts, pause, waitFor, priority } = checked
  const sides = new WeakMap<Kernel, Side>()

  return {
    name,
    apply(scope) {
      const { kernel, events } = scope
      const workers = new Set<BullmqWorker>()
      const createQueue = (work: Work) => {
        sides.set(kernel, { work, events, workers, giveUp: giveUp(kernel) })
        return new BullmqQueue(checked)
      }
      // A worker would make such a file of whatever else is stored under that name.
      scope.hooks.generate.tapAsync(name, (file, _, done) =>
        done(file.hasOwnBytes ? errors.SOURCE_STAYS({ file: file.label }) : null),
      )
      const release = queueBackend({ name, createQueue, attempts, pause, waitFor, priority }).apply(scope)
      kernel.closing.addEventListener('abort', () => {
        for (const worker of workers) void kernel.track(worker.close(closingLimit))
      })
      return async () => {
        await Promise.all([...workers].map((worker) => worker.close()))
        await release?.()
      }
    },
    work(kernel, workOptions) {
      const { concurrency } = checkOptions(name, workOptionsSchema, workOptions)
      const side = sides.get(kernel)
      if (!side) throw errors.NOT_APPLIED({})
      if (kernel.closing.aborted) throw errors.QUEUE_CLOSED({ queue: checked.queue })
      const { workers, ...rest } = side
      const worker = new BullmqWorker({ ...checked, ...rest, name, concurrency })
      workers.add(worker)
      return worker
    },
  }
}

/** A file whose job brings down whoever works on it fails, or its readers would have it scheduled again at once. */
function giveUp(kernel: Kernel): Work {
  return async (order) => {
    const file = kernel.fileFrom(order.file)
    await kernel.abandon(file, order, errors.JOB_GIVEN_UP({ file: file.label }))
  }
}
