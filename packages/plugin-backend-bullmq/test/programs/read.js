/** Asks 50 times at once for one file, and tells the outcomes. */
import { sharedKernel } from './shared-kernel.js'

const [directory, url] = process.argv.slice(2)
const { kernel } = sharedKernel(directory, url)
process.once('message', async () => {
  const file = () => kernel.file('slow', { source: 'burst.png' })
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => file().generate()))
  process.send(outcomes)
  await kernel.close()
  process.disconnect()
})
process.send('ready')
