/** Works on the queue until it is told to end, as a worker of the command line does. */
import { sharedKernel } from './shared-kernel.ts'

const [directory = '', url = ''] = process.argv.slice(2)
const { kernel, backend } = sharedKernel(directory, url)
const worker = backend.work(kernel, { concurrency: 2 })
process.once('SIGTERM', async () => {
  await worker.close()
  await kernel.close()
  process.disconnect?.()
})
process.once('disconnect', () => process.exit())
process.send?.('ready')
