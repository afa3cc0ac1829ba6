import { availableParallelism } from 'node:os'
import { awaitedFirst, type Priority } from '@latent-image/plugin-backend-async'
import * as v from 'valibot'
import { type ConnectionOptions, connectionSchema } from './connection-options.ts'

export interface BullmqBackendOptions {
  /**
   * The Redis of the queue: a `redis://` or `rediss://` address, or options of ioredis that say where it is and as whom to
   * use it. It must not evict keys.
   */
  readonly connection: string | ConnectionOptions
  /** Name of the queue. @default 'latent-image' */
  readonly queue?: string
  /** What BullMQ puts before its keys. @default 'bull' */
  readonly prefix?: string
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
   * for, 0 for what is made in advance. From -1_048_575 to 1_048_575
   */
  readonly priority?: Priority
}

const milliseconds = v.pipe(v.number(), v.finite(), v.minValue(0))

const segment = v.pipe(v.string(), v.regex(/^[^:]+$/, 'Expected at least one character, and no `:`'))

export const optionsSchema = v.strictObject({
  connection: connectionSchema,
  queue: v.optional(segment, 'latent-image'),
  prefix: v.optional(v.pipe(v.string(), v.nonEmpty()), 'bull'),
  attempts: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), 4),
  pause: v.optional(milliseconds, 1_000),
  waitFor: v.optional(milliseconds, 0),
  priority: v.optional(
    v.custom<Priority>((value) => typeof value === 'function'),
    () => awaitedFirst,
  ),
})

/** The options, once they are checked. */
export type CheckedOptions = Readonly<v.InferOutput<typeof optionsSchema>>

export interface WorkOptions {
  /** Files in work at a time. @default one more than there are cores: while one waits for Redis or a disk, none is idle */
  readonly concurrency?: number
}

export const workOptionsSchema = v.strictObject({
  concurrency: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), () => availableParallelism() + 1),
})
