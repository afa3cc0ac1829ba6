import { availableParallelism } from 'node:os'
import { checkOptions, type Kernel, type KernelEvents, type Plugin } from '@latent-image/kernel'
import { queueBackend, type Work } from '@latent-image/plugin-backend-async'
import { BullmqQueue } from './bullmq-queue.ts'
import { BullmqWorker } from './bullmq-worker.ts'
import { errors } from './errors.ts'
import { type BullmqBackendOptions, optionsSchema } from './options.ts'

export interface WorkOptions {
  /** Files in work at a time. @default the number of cores */
  readonly concurrency?: number
}

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
   * Works on the queue until the worker, or the kernel, is closed.
   *
   * @throws NOT_APPLIED
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

/**
 * Generates on whatever machines work on a BullMQ queue.
 *
 * @throws INVALID_OPTIONS
 */
export function bullmqBackend(options: BullmqBackendOptions): BullmqBackend {
  const checked = checkOptions(name, optionsSchema, options)
  const { attempts, pause, waitFor, priority } = checked
  const sides = new WeakMap<Kernel, { work: Work; events: KernelEvents; workers: Set<BullmqWorker> }>()

  return {
    name,
    apply(scope) {
      const { kernel, events } = scope
      const workers = new Set<BullmqWorker>()
      const createQueue = (work: Work) => {
        sides.set(kernel, { work, events, workers })
        return new BullmqQueue(checked)
      }
      const release = queueBackend({ name, createQueue, attempts, pause, waitFor, priority }).apply(scope)
      return async () => {
        await Promise.all([...workers].map((worker) => worker.close()))
        await release?.()
      }
    },
    work(kernel, { concurrency = availableParallelism() } = {}) {
      const side = sides.get(kernel)
      if (!side) throw errors.NOT_APPLIED({})
      const { work, events, workers } = side
      const worker = new BullmqWorker({ ...checked, work, events, name, concurrency })
      workers.add(worker)
      return worker
    },
  }
}
