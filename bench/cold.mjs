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
const spec = imageSpec({ processors: [resizeToFill(400, 300)], format: 'jpeg', options: { quality: 80 } })
const kernel = createKernel(
  { plugins: [fsStorage({ root: '.' }), keyvCache(), immediate(), jit()], generators: { card: spec } },
  { directory },
)
sharp.cache(false)

async function bareSharp() {
  const data = await readFile(join(directory, source))
  const image = sharp(data, { failOn: 'warning' }).autoOrient().resize(400, 300, { fit: 'cover' }).toColourspace('srgb')
  await writeFile(join(directory, 'bare.jpg'), await image.jpeg({ quality: 80 }).toBuffer())
}

/** The spec without a kernel, a cache, and a storage that promises anything. */
async function specAlone() {
  const { data } = await spec.generate(await readFile(join(directory, source)))
  await writeFile(join(directory, 'spec.jpg'), data)
}

const file = kernel.file('card', { source })
const results = await rounds(21, {
  'bare sharp': () => cost(bareSharp),
  'the spec alone': () => cost(specAlone),
  'latent image': async () => {
    await file.delete()
    return cost(() => file.bytes())
  },
})
const of = (name, kind) => median(results[name].slice(1).map((result) => result[kind]))
const row = (name) => {
  const [wall, cpu, bareWall, bareCpu] = [
    of(name, 'wall'),
    of(name, 'cpu'),
    of('bare sharp', 'wall'),
    of('bare sharp', 'cpu'),
  ]
  const ratios = `${(wall / bareWall).toFixed(2)} (CPU ${(cpu / bareCpu).toFixed(2)})`
  return [name, `${wall.toFixed(1)} ms`, `${cpu.toFixed(1)} ms CPU`, ratios]
}
report(
  'One cold derivative of 12 megapixels: read, decode, resize, encode, store (median of 20 interleaved rounds)',
  Object.keys(results).map(row),
)
await kernel.close()
await rm(directory, { recursive: true })
