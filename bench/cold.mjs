/** A derivative that does not exist yet, against the same pipeline in bare sharp: 12 megapixels to 400 × 300. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKernel } from '@latent-image/kernel'
import { immediate } from '@latent-image/plugin-backend-immediate'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { fsStorage } from '@latent-image/plugin-storage-fs'
import { jit } from '@latent-image/plugin-strategy-jit'
import { imageSpec, resizeToFill } from '@latent-image/spec'
import sharp from 'sharp'
import { cost, median, report, rounds } from './measure.mjs'
import { photograph } from './photograph.mjs'

const directory = await mkdtemp(join(tmpdir(), 'latent-image-bench-'))
const source = 'photo.jpg'
await writeFile(join(directory, source), await photograph(4_000, 3_000))
const kernel = createKernel(
  {
    plugins: [fsStorage({ root: '.' }), keyvCache(), immediate(), jit()],
    generators: { card: imageSpec({ processors: [resizeToFill(400, 300)], format: 'jpeg', options: { quality: 80 } }) },
  },
  { directory },
)
sharp.cache(false)

async function bareSharp() {
  const data = await readFile(join(directory, source))
  const image = sharp(data, { failOn: 'warning' }).autoOrient().resize(400, 300, { fit: 'cover' }).toColourspace('srgb')
  await writeFile(join(directory, 'bare.jpg'), await image.jpeg({ quality: 80 }).toBuffer())
}

const file = kernel.file('card', { source })
const results = await rounds(21, {
  'bare sharp': () => cost(bareSharp),
  'latent image': async () => {
    await file.delete()
    return cost(() => file.bytes())
  },
})
const of = (name, kind) => median(results[name].slice(1).map((result) => result[kind]))
report('One cold derivative: read, decode, resize, encode, store (median of 20 interleaved rounds)', [
  ...Object.keys(results).map((name) => [
    name,
    `${of(name, 'wall').toFixed(1)} ms`,
    `${of(name, 'cpu').toFixed(1)} ms CPU`,
  ]),
  [
    'ratio',
    (of('latent image', 'wall') / of('bare sharp', 'wall')).toFixed(3),
    (of('latent image', 'cpu') / of('bare sharp', 'cpu')).toFixed(3),
  ],
])
await kernel.close()
await rm(directory, { recursive: true })
