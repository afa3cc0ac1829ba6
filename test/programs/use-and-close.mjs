/**
 * Asks for a file, works on the queue where there is one, whatever comes of it, and closes the kernel; must then end by
 * itself. Usage: use-and-close.mjs FOLDER BACKEND REDIS
 */
import { kernelOn } from './kernel-on.mjs'

const [folder, backendName, redis] = process.argv.slice(2)
const { kernel, backend } = kernelOn(folder, backendName, redis)
const outcome = await kernel
  .file('twice', { source: 'one.png' })
  .generate()
  .catch((error) => error.code)
backend.work?.(kernel)
process.send(outcome)
await kernel.close()
process.disconnect()
