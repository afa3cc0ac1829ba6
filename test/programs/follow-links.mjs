/** Asks for a link and follows it, again and again, until it is told to stop. Usage: follow-links.mjs FOLDER REDIS */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sharedKernel } from './shared-kernel.mjs'

const [folder, redis] = process.argv.slice(2)
const kernel = sharedKernel(folder, redis)
const file = kernel.file('thumbnail', { source: 'photo.jpg' })
let isOver = false
process.once('message', () => {
  isOver = true
})

const seen = { links: 0, dead: 0, empty: 0 }
await file.url()
process.send('ready')
while (!isOver) {
  await file.url()
  seen.links++
  try {
    if ((await readFile(join(folder, file.name))).byteLength === 0) seen.empty++
  } catch {
    seen.dead++
  }
}
await kernel.close()
process.send(seen, () => process.disconnect())
