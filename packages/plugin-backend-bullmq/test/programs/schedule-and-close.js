/** Schedules a file and works on the queue, whatever comes of it, and closes the kernel; must then end by itself. */
import { sharedKernel } from './shared-kernel.js'

const [directory, url] = process.argv.slice(2)
const { kernel, backend } = sharedKernel(directory, url)
const outcome = await kernel
  .file('slow', { source: 'one.png' })
  .generate()
  .catch((error) => error.code)
backend.work(kernel)
process.send(outcome)
await kernel.close()
process.disconnect()
