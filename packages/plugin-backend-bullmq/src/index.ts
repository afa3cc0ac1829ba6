export {
  type BullmqBackend,
  bullmqBackend,
  bullmqBackend as default,
  type QueueWorker,
} from './bullmq-backend.ts'
export type { ConnectionOptions } from './connection-options.ts'
export { errors } from './errors.ts'
export type { BullmqBackendOptions, WorkOptions } from './options.ts'
