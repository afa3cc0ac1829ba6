/** Makes thumbnails as one would without us. Usage: bare-sharp.mjs FOLDER REDIS COUNT. Answers with seconds. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { height, width } from './project.mjs'

const [folder, , count] = process.argv.slice(2)
sharp.cache(false)
const started = performance.now()
let next = 0

async function makeSome() {
  while (next < Number(count)) {
    const number = next++
    const data = await readFile(join(folder, 'photo.jpg'))
    const image = sharp(data, { failOn: 'warning' }).autoOrient().resize(width, height).toColourspace('srgb')
    const thumbnail = await image.jpeg({ quality: 60 + (number % 30) }).toBuffer()
    await writeFile(join(folder, `bare-${process.pid}-${number}.jpg`), thumbnail)
  }
}

// Two at a time, as a worker does.
await Promise.all([makeSome(), makeSome()])
process.send((performance.now() - started) / 1_000, () => process.exit())
