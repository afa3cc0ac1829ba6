/**
 * Deferred work: what scheduling costs, empty jobs through BullMQ beside plain BullMQ, generations by workers beside bare
 * sharp in as many processes, and what a server of small files still serves meanwhile. Needs `redis-server`.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createKernel } from '@latent-image/kernel'
import { asyncBackend } from '@latent-image/plugin-backend-async'
import { bullmqBackend } from '@latent-image/plugin-backend-bullmq'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { memoryStorage } from '@latent-image/plugin-storage-memory'
import { redisAvailable, startRedis } from '@latent-image/testkit'
import { Queue, Worker } from 'bullmq'
import { freshCopyOf } from './fresh-copy.mjs'
import { median, report, rounds } from './measure.mjs'
import { photograph } from './photograph.mjs'

if (!redisAvailable()) {
  console.log('\nDeferred work: skipped, there is no redis-server.')
  process.exit()
}

/** A generator that does nothing, so that only the way there and back is measured. */
const empty = {
  source: 'none',
  fingerprint: (_, { number }) => number,
  generate: async () => ({ data: new Uint8Array(1), facts: { width: 1, height: 1, type: 'image/jpeg' } }),
}
const jobs = 3_000
let run = 0

/** Files that no earlier round has made. */
function files(kernel) {
  run++
  return Array.from({ length: jobs }, (_, index) => kernel.file('empty', { params: { number: run * jobs + index } }))
}

async function scheduleInProcess() {
  const kernel = createKernel({ plugins: [memoryStorage(), keyvCache(), asyncBackend()], generators: { empty } })
  const made = files(kernel)
  const started = performance.now()
  for (const file of made) await file.generate()
  const microseconds = ((performance.now() - started) * 1_000) / jobs
  await kernel.close()
  return microseconds
}

async function emptyJobs(url) {
  const backend = bullmqBackend({ connection: url, queue: `ours-${run}` })
  const kernel = createKernel({ plugins: [memoryStorage(), keyvCache(), backend], generators: { empty } })
  const worker = backend.work(kernel, { concurrency: 50 })
  let left = jobs
  const done = new Promise((resolve) => kernel.events.on('generated', () => --left || resolve()))
  const started = performance.now()
  await Promise.all(files(kernel).map((file) => file.generate()))
  await done
  const rate = (jobs * 1_000) / (performance.now() - started)
  await worker.close()
  await kernel.close()
  return rate
}

async function plainJobs(url) {
  run++
  const { hostname: host, port } = new URL(url)
  const connection = { host, port: Number(port), maxRetriesPerRequest: null }
  const queue = new Queue(`plain-${run}`, { connection, defaultJobOptions: { removeOnComplete: true } })
  let left = jobs
  let finish
  const done = new Promise((resolve) => {
    finish = resolve
  })
  const worker = new Worker(queue.name, async () => --left || finish(), { connection, concurrency: 50 })
  const payload = {
    file: { generator: 'empty', source: null, params: {}, name: 'x'.repeat(60) },
    token: 'x'.repeat(36),
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: jobs }, (_, number) => queue.add('generate', { ...payload, number })))
  await done
  const rate = (jobs * 1_000) / (performance.now() - started)
  await worker.close()
  await queue.close()
  return rate
}

const redis = await startRedis({ 'maxmemory-policy': 'noeviction' })
const scheduling = await rounds(5, { asyncBackend: scheduleInProcess })
report('Scheduling in this process (median of 5 rounds of 3,000 new files)', [
  ['one generate()', `${median(scheduling.asyncBackend).toFixed(0)} µs`],
])

const rates = await rounds(5, {
  'plain BullMQ': () => plainJobs(redis.url),
  'latent image': () => emptyJobs(redis.url),
})
report('Empty jobs through BullMQ, 50 at a time (median of 5 interleaved rounds of 3,000)', [
  ...Object.entries(rates).map(([name, values]) => [name, `${Math.round(median(values)).toLocaleString('en')} jobs/s`]),
  ['ratio', (median(rates['latent image']) / median(rates['plain BullMQ'])).toFixed(2)],
])

const folder = await mkdtemp(join(tmpdir(), 'latent-image-bench-'))
const photo = await photograph(4_000, 3_000)
// A hundred photographs, since equal ones would be decoded once for several thumbnails.
for (let number = 0; number < 100; number++) await writeFile(join(folder, `${number}.jpg`), freshCopyOf(photo))
await writeFile(join(folder, 'small.txt'), 'x'.repeat(1_024))

/** Runs programs of this folder side by side until each has answered; resolves to their answers. */
async function inProcesses(count, program, ...parameters) {
  const path = fileURLToPath(new URL(`programs/${program}.mjs`, import.meta.url))
  const children = Array.from({ length: count }, () => fork(path, [folder, redis.url, ...parameters.map(String)]))
  const answers = await Promise.all(children.map((child) => once(child, 'message')))
  await Promise.all(children.map(async (child) => child.exitCode ?? once(child, 'exit')))
  return answers.map(([answer]) => answer)
}

const pictures = 200
for (const processes of [1, 2]) {
  const contestants = {
    'bare sharp': () => inProcesses(processes, 'bare-sharp', pictures / processes),
    'latent image': () => inProcesses(1, 'generate-by-workers', pictures, processes),
  }
  const seconds = await rounds(3, {
    'bare sharp': async () => Math.max(...(await contestants['bare sharp']())),
    'latent image': async () => Math.max(...(await contestants['latent image']())),
  })
  report(`${pictures} thumbnails of 12 megapixels, ${processes} working process(es) (median of 3 interleaved rounds)`, [
    ...Object.entries(seconds).map(([name, values]) => [name, `${(pictures / median(values)).toFixed(1)} /s`]),
    ['ratio', (median(seconds['bare sharp']) / median(seconds['latent image'])).toFixed(2)],
  ])
}

const [[alone], [here], [elsewhere]] = [
  await inProcesses(1, 'serve-small-files', 'alone'),
  await inProcesses(1, 'serve-small-files', 'in-process'),
  await inProcesses(1, 'serve-small-files', 'worker'),
]
const row = ({ perSecond, p50, p99 }) => [
  `${Math.round(perSecond)} /s`,
  `p50 ${p50.toFixed(1)} ms`,
  `p99 ${p99.toFixed(1)} ms`,
]
report('A process that reads small files, one after the other, while 100 thumbnails are made', [
  ['no thumbnails', ...row(alone)],
  ['queued in the same process', ...row(here)],
  ['made by a worker', ...row(elsewhere)],
])
await redis.stop()
await rm(folder, { recursive: true })
