import type { Kernel } from '@latent-image/kernel'
import type { BullmqBackend } from '@latent-image/plugin-backend-bullmq'

export function sharedKernel(directory: string, url: string): { kernel: Kernel; backend: BullmqBackend }
export function madeIn(directory: string): Promise<string[]>
