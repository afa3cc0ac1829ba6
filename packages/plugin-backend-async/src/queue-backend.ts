import { inspect } from 'node:util'
import { type ImageCacheFile, isLatentImageError, type Plugin } from '@latent-image/kernel'
import { errors } from './errors.ts'
import type { CreateQueue, Order } from './job-queue.ts'

export interface QueueBackendOptions {
  /** Of the plugin. */
  readonly name: string
  readonly createQueue: CreateQueue
  /** How often a file is tried in all, where it is the machine's fault that it could not be made. */
  readonly attempts: number
  /** Milliseconds before the second attempt; twice as long before each further one. */
  readonly pause: number
  /** Milliseconds that a reader waits for a file on its way. */
  readonly waitFor: number
  /** Files of a higher one are made first. */
  readonly priority: Priority
}

/** Tells how urgent a file is; `isAwaited`: somebody asks for it now, rather than in advance. */
export type Priority = (file: ImageCacheFile, isAwaited: boolean) => number

/** What somebody waits for goes before what is made in advance. */
export const awaitedFirst: Priority = (_, isAwaited) => Number(isAwaited)

/** Milliseconds. The claim of a job must outlast its pause, or readers would schedule it again. */
const longestPause = 15_000

/** A backend that leaves the work to a queue, wherever that is. */
export function queueBackend({ name, createQueue, attempts, pause, waitFor, priority }: QueueBackendOptions): Plugin {
  return {
    name,
    apply({ hooks, kernel, events }) {
      // Sources with bytes of their own do not travel; in this process the file itself is at hand.
      const files = new WeakMap<Order, ImageCacheFile>()
      const failed = new Map<string, number>()
      let isTracked = false

      /** Asks for the file once more: with a claim of its own, so that everybody knows it is scheduled. */
      const tryAgain = async (file: ImageCacheFile, attempt: number) => {
        const id = idOf(file)
        failed.set(id, attempt)
        try {
          await file.generate()
        } catch (error) {
          events.emit('warning', { message: `${file.label} is not tried again.`, error, plugin: name })
        } finally {
          failed.delete(id)
        }
      }

      const queue = createQueue(async (order) => {
        const file = files.get(order) ?? kernel.fileFrom(order.file)
        try {
          await kernel.produce(file, { token: order.token })
        } catch (error) {
          const attempt = order.attempt + 1
          if (isLatentImageError(error) && error.fault === 'machine' && attempt < attempts)
            await tryAgain(file, attempt)
        }
      })

      /** What is scheduled in this process is work in hand: once for all of it. */
      const trackIdle = () => {
        if (isTracked || !queue.idle) return
        isTracked = true
        const idle = queue.idle().finally(() => {
          isTracked = false
        })
        void kernel.track(idle)
      }

      hooks.generate.tapPromise(name, async (file, { token, isAwaited = false }) => {
        const id = idOf(file)
        const attempt = failed.get(id) ?? 0
        const order: Order = { file: file.reference, token, attempt }
        const delay = attempt === 0 ? 0 : Math.min(pause * 2 ** (attempt - 1), longestPause)
        const urgency = urgencyOf(priority, file, isAwaited)
        files.set(order, file)
        try {
          await queue.add({ id, order, priority: urgency, delay })
        } catch (error) {
          if (isLatentImageError(error)) throw error
          const reason = error instanceof Error ? error.message : String(error)
          throw errors.BACKEND_UNAVAILABLE({ file: file.label, reason }, error)
        }
        trackIdle()
        return 'scheduled'
      })
      hooks.pending.tap(name, () => waitFor)
      return () => queue.close()
    },
  }
}

/** What a priority tells, or why it tells nothing. */
function urgencyOf(priority: Priority, file: ImageCacheFile, isAwaited: boolean): number {
  const invalid = (problem: string, cause?: unknown) => errors.INVALID_PRIORITY({ file: file.label, problem }, cause)
  let urgency: unknown
  try {
    urgency = priority(file, isAwaited)
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), error)
  }
  if (typeof urgency === 'number' && Number.isFinite(urgency)) return urgency
  throw invalid(`it is ${inspect(urgency)}`)
}

/** Files of one name may lie in different storages, which generators choose. */
function idOf({ generator, name }: ImageCacheFile): string {
  return `${generator.id}|${name}`
}
