/** What the programs of this folder share: a kernel on a folder, with a deferred backend. */
import { createKernel } from '@latent-image/kernel'
import { asyncBackend } from '@latent-image/plugin-backend-async'
import { bullmqBackend } from '@latent-image/plugin-backend-bullmq'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { fsStorage } from '@latent-image/plugin-storage-fs'
import { imageSpec, resizeToFill } from '@latent-image/spec'

export const width = 400
export const height = 300

export function makeProject(directory, redis, queue) {
  const backend = redis ? bullmqBackend({ connection: redis, queue }) : asyncBackend()
  const thumbnail = imageSpec({ processors: [resizeToFill(width, height)], format: 'jpeg' })
  const kernel = createKernel(
    {
      plugins: [fsStorage({ root: '.' }), keyvCache(redis ? { store: redis } : {}), backend],
      generators: { thumbnail },
    },
    { directory },
  )
  const file = (number, run) =>
    kernel.file('thumbnail', { source: { name: `${number % 100}.jpg`, revision: `${run}-${number}` } })
  return { kernel, backend, file }
}
