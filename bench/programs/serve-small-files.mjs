/**
 * Reads a small file again and again, as a server does, while thumbnails are made.
 * Usage: serve-small-files.mjs FOLDER REDIS alone|in-process|worker. Answers with { perSecond, p50, p99 }.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeProject } from './project.mjs'
import { startWorkers } from './workers.mjs'

const [folder, redis, where] = process.argv.slice(2)
const thumbnails = 100
const queue = `serve-${process.pid}`
const stop = where === 'worker' ? await startWorkers(1, folder, redis, queue) : async () => {}
const { kernel, file } = makeProject(folder, where === 'worker' ? redis : undefined, queue)

let isDone = false
async function makeThumbnails() {
  const files = Array.from({ length: thumbnails }, (_, number) => file(number, process.pid))
  await Promise.all(files.map((one) => one.generate()))
  for (const one of files) await one.size({ waitFor: 120_000 })
}
const work = where === 'alone' ? new Promise((resolve) => setTimeout(resolve, 3_000)) : makeThumbnails()
work.finally(() => {
  isDone = true
})

const times = []
const started = performance.now()
while (!isDone) {
  const before = performance.now()
  await readFile(join(folder, 'small.txt'))
  times.push(performance.now() - before)
}
const perSecond = (times.length * 1_000) / (performance.now() - started)
await work
times.sort((a, b) => a - b)
await kernel.close()
await stop()
const [p50, p99] = [0.5, 0.99].map((part) => times[Math.floor(times.length * part)])
process.send({ perSecond, p50, p99 }, () => process.exit())
