/** Works on a queue until it is told to stop. Usage: worker.mjs FOLDER REDIS QUEUE */
import { makeProject } from './project.mjs'

const [folder, redis, queue] = process.argv.slice(2)
const { kernel, backend } = makeProject(folder, redis, queue)
await import('sharp')
const worker = backend.work(kernel)
process.send('ready')
process.once('message', async () => {
  await worker.close()
  await kernel.close()
  process.disconnect()
})
