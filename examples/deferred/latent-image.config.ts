import { defineConfig } from '@latent-image/config'
import asyncBackend from '@latent-image/plugin-backend-async'
import bullmqBackend from '@latent-image/plugin-backend-bullmq'
import keyvCache from '@latent-image/plugin-cache-keyv'
import globSources from '@latent-image/plugin-sources-glob'
import fsStorage from '@latent-image/plugin-storage-fs'
import jit from '@latent-image/plugin-strategy-jit'
import { imageSpec, resizeToFill } from '@latent-image/spec'

/** Without Redis the queue is in this process, and so is what is known. */
const redis = process.env.REDIS_URL
const deferred = redis
  ? [bullmqBackend({ connection: redis }), keyvCache({ store: redis })]
  : [asyncBackend(), keyvCache()]

export default defineConfig({
  plugins: [fsStorage({ root: 'media', baseUrl: '/media/' }), jit(), ...deferred],
  generators: {
    'photo:thumbnail': imageSpec({ processors: [resizeToFill(240, 160)], format: 'jpeg' }),
    'photo:card': imageSpec({ processors: [resizeToFill(640, 400)], format: 'webp' }),
  },
  sources: [globSources({ for: 'photo:**', patterns: 'uploads/*.jpg' })],
})
