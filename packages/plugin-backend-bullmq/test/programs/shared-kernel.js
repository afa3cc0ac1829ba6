import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createKernel } from '@latent-image/kernel'
import { bullmqBackend } from '@latent-image/plugin-backend-bullmq'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { fsStorage } from '@latent-image/plugin-storage-fs'

/** Files that a worker makes at a time. */
export const concurrency = 2

/** The kernel that every process of a test makes: one folder, one Redis for the queue and for state. */
export function sharedKernel(directory, url) {
  const slow = {
    source: 'required',
    format: 'png',
    fingerprint: 'slow',
    async generate({ source }) {
      const note = (event) => appendFile(logIn(directory), `${Date.now()} ${process.pid} ${event} ${source.name}\n`)
      await note('begun')
      const data = await source.open()
      await setTimeout(60)
      await note('made')
      return { data: Buffer.concat([data, data]), facts: { width: 1, height: 1, type: 'image/png' } }
    },
  }
  const backend = bullmqBackend({ connection: url, pause: 100 })
  const kernel = createKernel(
    { plugins: [fsStorage({ root: 'media' }), keyvCache({ store: url }), backend], generators: { slow } },
    { directory },
  )
  return { kernel, backend }
}

/** What happened to files, in order, over all processes. */
export async function notesIn(directory) {
  const text = await readFile(logIn(directory), 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [time, pid, event, source] = line.split(' ')
      return { time: Number(time), pid: Number(pid), event, source }
    })
}

/** The sources that were made, in order, over all processes. */
export async function madeIn(directory) {
  const notes = await notesIn(directory)
  return notes.filter(({ event }) => event === 'made').map(({ source }) => source)
}

function logIn(directory) {
  return join(directory, 'notes.log')
}
