import { copyFile, mkdir, rm } from 'node:fs/promises'
import { loadKernel } from '@latent-image/config'

const media = new URL('media/', import.meta.url)
await rm(media, { recursive: true, force: true })
await mkdir(new URL('uploads/', media), { recursive: true })

const kernel = await loadKernel({ cwd: import.meta.dirname })
const database = new Map()

/** The order matters: once `sourceSaved` runs, whoever makes pictures must find the bytes, and the row that names them. */
async function upload(id, photo) {
  const name = `uploads/${id}.jpg`
  await copyFile(new URL(`../quickstart/media/photos/${photo}.jpg`, import.meta.url), new URL(name, media)) // 1. bytes
  database.set(id, { name }) //                                                                                2. row, commit
  await kernel.sourceSaved(name) //                                                                            3. tell
}

/** A page never waits: `exists()` schedules what is missing and answers at once. */
async function page() {
  const cells = [...database.values()].flatMap(({ name }) =>
    kernel.generatorIds('photo:**').map(async (id) => {
      const picture = await kernel.file(id, { source: name }).describe()
      return picture ? `${picture.width} × ${picture.height}` : 'placeholder'
    }),
  )
  return (await Promise.all(cells)).join(' | ')
}

for (const photo of ['dawn', 'dusk', 'dunes', 'fjord']) await upload(photo, photo)
console.log('first view:', await page())

// A reader that wants the bytes may wait for them, here for up to ten seconds.
const card = await kernel.file('photo:card', { source: 'uploads/dawn.jpg' }).bytes({ waitFor: 10_000 })
console.log(`waited for: ${card.byteLength} bytes`)

for (const { name } of database.values()) {
  for (const id of kernel.generatorIds('photo:**')) await kernel.file(id, { source: name }).bytes({ waitFor: 10_000 })
}
console.log('later view:', await page())
await kernel.close()
