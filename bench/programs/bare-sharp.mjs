/** Makes thumbnails as one would without us. Usage: bare-sharp.mjs FOLDER REDIS COUNT. Answers with seconds. */
import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
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
    const data = await readFile(join(folder, `${number % 100}.jpg`))
    const image = sharp(data, { failOn: 'warning' }).autoOrient().resize(width, height).toColourspace('srgb')
    const thumbnail = await image.jpeg({ quality: 80 }).toBuffer()
    await writeFile(join(folder, `bare-${process.pid}-${number}.jpg`), thumbnail)
  }
}

// As many at a time as a worker has.
await Promise.all(Array.from({ length: availableParallelism() + 1 }, makeSome))
process.send((performance.now() - started) / 1_000, () => process.exit())
