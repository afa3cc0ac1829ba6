import { randomUUID } from 'node:crypto'
import { type ImageCacheFile, isLatentImageError, type Plugin } from '@latent-image/kernel'
import { Claims } from './claims.ts'
import { errors } from './errors.ts'
import type { CreateQueue, Order } from './job-queue.ts'
import { type Priority, urgencyOf } from './priority.ts'

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

/** Milliseconds. The claim of a job must outlast its pause, or readers would schedule it again. */
const longestPause = 15_000

/** Milliseconds. A kernel that closes waits for ten seconds; what waits by then must have been given back. */
const closingLimit = 9_000

/** A backend that leaves the work to a queue, wherever that is. */
export function queueBackend({ name, createQueue, attempts, pause, waitFor, priority }: QueueBackendOptions): Plugin {
  return {
    name,
    apply({ hooks, kernel }) {
      // Sources with bytes of their own do not travel; in this process the file itself is at hand.
      const files = new WeakMap<Order, ImageCacheFile>()
      const fileOf = (order: Order) => files.get(order) ?? kernel.fileFrom(order.file)
      const claims = new Claims()
      let isTracked = false
      let closing: NodeJS.Timeout | undefined

      const queue = createQueue(async (order) => {
        const file = fileOf(order)
        const attempt = order.attempt + 1
        try {
          // What could not be claimed when the attempt before had failed is claimed now.
          const token = order.attempt > 0 ? await claims.claim(idOf(file), file) : undefined
          await kernel.produce(file, { token: token ?? order.token })
        } catch (error) {
          if (isLatentImageError(error) && error.fault === 'machine' && attempt < attempts)
            await tryAgain(file, attempt)
        }
      })

      /** Rejects where the queue does not accept the next attempt; the order has to stay with it then. */
      const tryAgain = async (file: ImageCacheFile, attempt: number) => {
        const token = await claims.claim(idOf(file), file).catch(() => randomUUID())
        const delay = Math.min(pause * 2 ** (attempt - 1), longestPause)
        if (token !== undefined) await add(file, { file: file.reference, token, attempt }, { isAwaited: false, delay })
      }

      const add = async (file: ImageCacheFile, order: Order, how: { isAwaited: boolean; delay: number }) => {
        const urgency = urgencyOf(priority, file, how.isAwaited)
        files.set(order, file)
        try {
          await queue.add({ id: idOf(file), order, priority: urgency, delay: how.delay })
        } catch (error) {
          if (isLatentImageError(error)) throw error
          const reason = error instanceof Error ? error.message : String(error)
          throw errors.BACKEND_UNAVAILABLE({ file: file.label, reason }, error)
        }
      }

      /** What is scheduled in this process is work in hand: once for all of it. */
      const trackIdle = () => {
        if (isTracked || !queue.idle) return
        isTracked = true
        const idle = queue.idle().finally(() => {
          isTracked = false
        })
        void kernel.track(idle)
      }

      /** What is dropped is given back, so that others who share its state can make it at once. */
      const giveBack = async () => {
        clearTimeout(closing)
        const dropped = queue.drop?.() ?? []
        // A claim that cannot be given back ends by itself, later.
        await Promise.allSettled(dropped.map((order) => kernel.abandon(fileOf(order), order)))
      }

      kernel.closing.addEventListener('abort', () => {
        closing = setTimeout(giveBack, closingLimit).unref()
      })
      hooks.generate.tapPromise(name, async (file, { token, isAwaited = false }) => {
        // The queue has accepted the job already, and gets the claim with its next attempt.
        if (claims.take(idOf(file), token)) return 'scheduled'
        await add(file, { file: file.reference, token, attempt: 0 }, { isAwaited, delay: 0 })
        trackIdle()
        return 'scheduled'
      })
      hooks.pending.tap(name, (file) => {
        queue.raise?.(idOf(file), urgencyOf(priority, file, true))
        return waitFor
      })
      return async () => {
        await giveBack()
        await queue.close()
      }
    },
  }
}

/** Files of one name may lie in different storages, which generators choose. */
function idOf({ generator, name }: ImageCacheFile): string {
  return `${generator.id}|${name}`
}
