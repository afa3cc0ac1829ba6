import type { KernelConfig } from '@latent-image/kernel'
import type { AnyProcessor } from '@latent-image/spec'

/** What a config says: what a kernel is made from, and what generators that are written as data need beside. */
export interface Config extends KernelConfig {
  /** Processors of one's own, which generators written as data name. @default [] */
  readonly processors?: readonly AnyProcessor[]
}

/** Returns a config as it is, checked and completed by the editor; the ids of its generators stay known. */
export function defineConfig<const Written extends Config>(config: Written): Written {
  return config
}
