import type { KernelConfig } from '@latent-image/kernel'

/** Returns a config as it is, checked and completed by the editor; the ids of its generators stay known. */
export function defineConfig<const Config extends KernelConfig>(config: Config): Config {
  return config
}
