import { defineConfig } from '@latent-image/config'
import immediate from '@latent-image/plugin-backend-immediate'
import keyvCache from '@latent-image/plugin-cache-keyv'
import globSources from '@latent-image/plugin-sources-glob'
import fsStorage from '@latent-image/plugin-storage-fs'
import jit from '@latent-image/plugin-strategy-jit'
import { imageSpec, resizeToFill, resizeToFit } from '@latent-image/spec'

export default defineConfig({
  plugins: [
    fsStorage({ root: 'media', baseUrl: 'media/' }), // where: files below media/
    keyvCache(), // what is known: in memory
    immediate(), // how: in this process, a few at a time
    jit(), // when: as soon as somebody asks
  ],
  generators: {
    'photo:thumbnail': imageSpec({ processors: [resizeToFill(240, 160)], format: 'jpeg' }),
    'photo:card': imageSpec({ processors: [resizeToFit(640, 640)], format: 'webp', options: { quality: 75 } }),
    'photo:portrait': imageSpec({ processors: [resizeToFill(300, 400, { anchor: 'top' })], format: 'avif' }),
  },
  sources: [globSources({ for: 'photo:**', patterns: 'photos/*.jpg' })],
})
