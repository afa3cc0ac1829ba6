import * as v from 'valibot'
import type { CreateQueue } from './job-queue.ts'
import { awaitedFirst, type Priority } from './priority.ts'

export interface AsyncBackendOptions {
  /**
   * Files in work at a time. @default min(cores, UV_THREADPOOL_SIZE − 2), so that the process can still read files while
   * pictures are made
   */
  readonly concurrency?: number
  /** Files that may wait; more are rejected with `QUEUE_FULL`. @default 10_000 */
  readonly limit?: number
  /** How often a file is tried in all, where it is the machine's fault that it could not be made. @default 4 */
  readonly attempts?: number
  /** Milliseconds before the second attempt; twice as long before each further one, up to 15 s. @default 1_000 */
  readonly pause?: number
  /**
   * Milliseconds that `bytes()` and its kin wait for a file on its way, where the call does not say; 0: they reject with
   * `PENDING`. @default 0
   */
  readonly waitFor?: number
  /**
   * Files of a higher one are made first, equal ones in the order they were asked for. @default 1 for what somebody waits
   * for, 0 for what is made in advance
   */
  readonly priority?: Priority
  /** Makes the queue to use instead of the one in this process; `concurrency` and `limit` are then its own matter. */
  readonly queue?: CreateQueue
}

const milliseconds = v.pipe(v.number(), v.finite(), v.minValue(0))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

export const optionsSchema = v.pipe(
  v.strictObject({
    concurrency: v.optional(count),
    limit: v.optional(count),
    attempts: v.optional(count, 4),
    pause: v.optional(milliseconds, 1_000),
    waitFor: v.optional(milliseconds, 0),
    priority: v.optional(
      v.custom<Priority>((value) => typeof value === 'function'),
      () => awaitedFirst,
    ),
    queue: v.optional(v.custom<CreateQueue>((value) => typeof value === 'function')),
  }),
  v.check(
    ({ queue, concurrency, limit }) => !queue || (concurrency === undefined && limit === undefined),
    '`concurrency` and `limit` are for the queue in this process; set those of your `queue`',
  ),
)
