import { defineConfig } from '@latent-image/config'
import immediate from '@latent-image/plugin-backend-immediate'
import keyvCache from '@latent-image/plugin-cache-keyv'
import fsStorage from '@latent-image/plugin-storage-fs'
import { imageSpec, resizeToFill } from '@latent-image/spec'
import { OnSaveStrategy } from './on-save-strategy.ts'

export default defineConfig({
  plugins: [fsStorage({ root: 'media', baseUrl: '/media/' }), keyvCache(), immediate(), new OnSaveStrategy()],
  generators: { 'profile:avatar': imageSpec({ processors: [resizeToFill(96, 96)], format: 'webp' }) },
})
