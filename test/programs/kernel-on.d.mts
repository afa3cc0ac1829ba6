import type { Kernel } from '@latent-image/kernel'

export function kernelOn(
  directory: string,
  backendName: string,
  redis?: string,
  released?: (source: string) => Promise<unknown>,
): { kernel: Kernel }
export function generationsIn(directory: string): Promise<string[]>
