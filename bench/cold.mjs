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
import { freshCopyOf } from './fresh-copy.mjs'
import { cost, median, report, rounds } from './measure.mjs'
import { answerPeak, measured, peakOf } from './peak-memory.mjs'
import { photograph } from './photograph.mjs'

const source = 'photo.jpg'
const spec = imageSpec({ processors: [resizeToFill(400, 300)], format: 'jpeg', options: { quality: 80 } })
sharp.cache(false)

/** Who makes the derivative, in a directory that has the source. */
const contestants = {
  'bare sharp': (directory) => ({ run: () => bareSharp(directory) }),
  'the spec alone': (directory) => ({ run: () => specAlone(directory) }),
  'latent image': latentImage,
}

async function bareSharp(directory) {
  const data = await readFile(join(directory, source))
  const image = sharp(data, { failOn: 'warning' }).autoOrient().resize(400, 300, { fit: 'cover' }).toColourspace('srgb')
  await writeFile(join(directory, 'bare.jpg'), await image.jpeg({ quality: 80 }).toBuffer())
}

/** The spec without a kernel, a cache, and a storage that promises anything. */
async function specAlone(directory) {
  const { data } = await spec.generate(await readFile(join(directory, source)))
  await writeFile(join(directory, 'spec.jpg'), data)
}

function latentImage(directory) {
  const plugins = [fsStorage({ root: '.' }), keyvCache(), immediate(), jit()]
  const kernel = createKernel({ plugins, generators: { card: spec } }, { directory })
  const file = kernel.file('card', { source })
  return { before: () => file.delete(), run: () => file.bytes(), after: () => kernel.close() }
}

/** Rows of the report: time of this process, and memory of others. */
async function compare(directory, photo) {
  const ready = Object.entries(contestants).map(([name, prepare]) => [name, prepare(directory)])
  const runs = ready.map(([name, { before, run }]) => {
    const coldRun = async () => {
      await writeFile(join(directory, source), freshCopyOf(photo))
      await before?.()
      return cost(run)
    }
    return [name, coldRun]
  })
  const results = await rounds(21, Object.fromEntries(runs))
  for (const [, { after }] of ready) await after?.()

  const of = (name, kind) => median(results[name].slice(1).map((result) => result[kind]))
  const rows = []
  for (const [name] of ready) {
    const [wall, cpu] = [of(name, 'wall'), of(name, 'cpu')]
    const ratio = (wall / of('bare sharp', 'wall')).toFixed(2)
    const cpuRatio = (cpu / of('bare sharp', 'cpu')).toFixed(2)
    const peak = await peakOf(import.meta.url, name, directory)
    rows.push([
      name,
      `${wall.toFixed(1)} ms`,
      `${cpu.toFixed(1)} ms CPU`,
      `${ratio} (CPU ${cpuRatio})`,
      `${peak.toFixed(0)} MB at the peak`,
    ])
  }
  return rows
}

if (measured) {
  await answerPeak(async (directory) => {
    const { before, run, after } = contestants[measured](directory)
    await before?.()
    await run()
    await after?.()
  })
} else {
  const directory = await mkdtemp(join(tmpdir(), 'latent-image-bench-'))
  const photo = await photograph(4_000, 3_000)
  const what = 'One cold derivative of 12 megapixels: read, decode, resize, encode, store'
  report(`${what} (median of 20 interleaved rounds)`, await compare(directory, photo))
  await rm(directory, { recursive: true })
}
