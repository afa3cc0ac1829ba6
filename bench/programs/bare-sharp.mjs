/** Makes thumbnails as one would without us. Usage: bare-sharp.mjs FOLDER REDIS COUNT. Answers with seconds. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import PQueue from 'p-queue'
import sharp from 'sharp'
import { height, width } from './project.mjs'

const [folder, , count] = process.argv.slice(2)
sharp.cache(false)
const started = performance.now()
const gate = new PQueue({ concurrency: 2 })
for (let number = 0; number < Number(count); number++) {
  gate.add(async () => {
    const data = await readFile(join(folder, 'photo.jpg'))
    const image = sharp(data, { failOn: 'warning' }).autoOrient().resize(width, height).toColourspace('srgb')
    await writeFile(
      join(folder, `bare-${process.pid}-${number}.jpg`),
      await image.jpeg({ quality: 60 + (number % 30) }).toBuffer(),
    )
  })
}
await gate.onIdle()
process.send((performance.now() - started) / 1_000, () => process.exit())
