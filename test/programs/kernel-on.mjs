/** What the processes of a test share: a folder, and a Redis for state and for the queue. */
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createKernel } from '@latent-image/kernel'
import { asyncBackend } from '@latent-image/plugin-backend-async'
import { bullmqBackend } from '@latent-image/plugin-backend-bullmq'
import { immediate } from '@latent-image/plugin-backend-immediate'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { fsStorage } from '@latent-image/plugin-storage-fs'
import { jit } from '@latent-image/plugin-strategy-jit'

const backends = {
  immediate: () => immediate(),
  async: () => asyncBackend(),
  bullmq: (redis) => bullmqBackend({ connection: redis }),
}

/**
 * A kernel with one of our backends. Its generator `twice` notes in the folder what it makes.
 *
 * @param redis - Its address, or nothing for state in memory.
 * @param released - Resolves when what is made of a source may be done.
 */
export function kernelOn(directory, backendName, redis, released = async () => {}) {
  const twice = {
    source: 'required',
    format: 'png',
    fingerprint: 'twice',
    async generate({ source }) {
      await appendFile(logIn(directory), `${source.name}\n`)
      const data = await source.open()
      await released(source.name)
      return { data: Buffer.concat([data, data]), facts: { width: 1, height: 1, type: 'image/png' } }
    },
  }
  const backend = backends[backendName](redis)
  const cache = keyvCache(redis ? { store: redis } : {})
  const kernel = createKernel(
    { plugins: [jit(), backend, fsStorage({ root: '.' }), cache], generators: { twice } },
    { directory },
  )
  return { kernel, backend }
}

/** The sources of all generations so far, over all processes. */
export async function generationsIn(directory) {
  const text = await readFile(logIn(directory), 'utf8').catch(() => '')
  return text.split('\n').filter(Boolean)
}

function logIn(directory) {
  return join(directory, 'generations.log')
}
