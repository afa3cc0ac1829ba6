/** Works on the queue until it is told to end, as a worker of the command line does. */
import { concurrency, sharedKernel } from './shared-kernel.js'

const [directory, url] = process.argv.slice(2)
const { kernel, backend } = sharedKernel(directory, url)
const worker = backend.work(kernel, { concurrency })
kernel.events.once('queueUnavailable', () => process.send('warned'))
const exit = () => process.exit()
process.once('SIGTERM', async () => {
  await worker.close()
  await kernel.close()
  // It ends by itself; only an orphan is made to.
  process.off('disconnect', exit)
  process.disconnect()
})
process.once('disconnect', exit)
process.send('ready')
