export {
  type BullmqBackend,
  bullmqBackend,
  bullmqBackend as default,
  type QueueWorker,
  type WorkOptions,
} from './bullmq-backend.ts'
export { errors } from './errors.ts'
export type { BullmqBackendOptions } from './options.ts'
