/** A kernel on a folder, with state in Redis: what two processes share. */
import { createKernel } from '@latent-image/kernel'
import { immediate } from '@latent-image/plugin-backend-immediate'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { globSources } from '@latent-image/plugin-sources-glob'
import { fsStorage } from '@latent-image/plugin-storage-fs'
import { jit } from '@latent-image/plugin-strategy-jit'
import { imageSpec, resizeToFit } from '@latent-image/spec'

export function sharedKernel(directory, redis) {
  return createKernel(
    {
      plugins: [fsStorage({ root: '.' }), keyvCache({ store: redis }), immediate(), jit()],
      generators: { thumbnail: imageSpec({ processors: [resizeToFit(200, 200)], format: 'webp' }) },
      sources: [globSources({ for: 'thumbnail', patterns: '*.jpg', directory: '.' })],
    },
    { directory },
  )
}
