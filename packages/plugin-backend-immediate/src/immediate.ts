import { availableParallelism } from 'node:os'
import { checkOptions, type Plugin } from '@latent-image/kernel'
import PQueue from 'p-queue'
import * as v from 'valibot'

export interface ImmediateOptions {
  /**
   * Files in work at a time; more wait. @default min(cores, UV_THREADPOOL_SIZE − 2), so that the process can still read
   * files while pictures are made
   */
  readonly concurrency?: number
}

const name = 'backend-immediate'
const schema = v.strictObject({ concurrency: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))) })

/**
 * Generates at once, in the caller's turn, a few files at a time.
 *
 * @throws INVALID_OPTIONS
 */
export function immediate(options?: ImmediateOptions): Plugin {
  const { concurrency = defaultConcurrency() } = checkOptions(name, schema, options)
  return {
    name,
    apply({ hooks, kernel }) {
      const gate = new PQueue({ concurrency })
      hooks.generate.tapPromise(name, async (file, order) => {
        await gate.add(() => kernel.produce(file, order))
        return 'generated'
      })
    },
  }
}

/** sharp and the file system share the threads of libuv's pool: two of them stay free for files. */
function defaultConcurrency(): number {
  const threads = Number(process.env.UV_THREADPOOL_SIZE) || 4
  return Math.max(1, Math.min(availableParallelism(), threads - 2))
}
