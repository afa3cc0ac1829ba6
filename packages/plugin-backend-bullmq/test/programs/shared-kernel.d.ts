import type { Kernel } from '@latent-image/kernel'
import type { BullmqBackend } from '@latent-image/plugin-backend-bullmq'

export const concurrency: number
export function sharedKernel(directory: string, url: string): { kernel: Kernel; backend: BullmqBackend }

export interface Note {
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly pid: number
  readonly event: 'begun' | 'made'
  readonly source: string
}

export function notesIn(directory: string): Promise<Note[]>
export function madeIn(directory: string): Promise<string[]>
