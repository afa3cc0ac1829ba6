/** Has thumbnails made by workers. Usage: generate-by-workers.mjs FOLDER REDIS COUNT WORKERS. Answers with seconds. */
import { makeProject } from './project.mjs'
import { startWorkers } from './workers.mjs'

const [folder, redis, count, workers] = process.argv.slice(2)
const queue = `bench-${process.pid}`
const stop = await startWorkers(Number(workers), folder, redis, queue)
const { kernel, file } = makeProject(folder, redis, queue)
const files = Array.from({ length: Number(count) }, (_, number) => file(number, process.pid))
const started = performance.now()
await Promise.all(files.map((one) => one.generate()))
for (const one of files) await one.size({ waitFor: 60_000 })
const seconds = (performance.now() - started) / 1_000
await kernel.close()
await stop()
process.send(seconds, () => process.exit())
