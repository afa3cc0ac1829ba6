import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Starts workers; resolves to a function that stops them. */
export async function startWorkers(count, folder, redis, queue) {
  const path = fileURLToPath(new URL('worker.mjs', import.meta.url))
  const workers = Array.from({ length: count }, () => fork(path, [folder, redis, queue]))
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  return async () => {
    for (const worker of workers) worker.send('stop')
    await Promise.all(workers.map((worker) => once(worker, 'exit')))
  }
}
