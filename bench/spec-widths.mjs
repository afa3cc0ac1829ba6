/** Six widths of one 12-megapixel JPEG against six pipelines in bare sharp, cold: CPU time, and memory at its peak. */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { imageSpec, resizeToFit } from '@latent-image/spec'
import sharp from 'sharp'
import { cost, median, report, rounds } from './measure.mjs'
import { photograph } from './photograph.mjs'

const widths = [320, 640, 960, 1280, 1600, 1920]
const jpegs = (processorsOf) =>
  widths.map((width) => imageSpec({ processors: processorsOf(width), format: 'jpeg', options: { quality: 80 } }))
const apart = jpegs((width) => [resizeToFit(width)])
const alike = jpegs((width) => [resizeToFit(1920), resizeToFit(width)])

sharp.cache(false)
const bare = (photo, width) =>
  sharp(photo, { failOn: 'warning' }).autoOrient().resize(width).jpeg({ quality: 80 }).toBuffer()

/** As a backend would: only so many at a time. */
async function gated(jobs, limit = Math.min(availableParallelism(), 2)) {
  const waiting = [...jobs]
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) await job()
  }
  await Promise.all(Array.from({ length: limit }, work))
}

const contestants = {
  'bare sharp, one pipeline each': (photo) => Promise.all(widths.map((width) => bare(photo, width))),
  'specs that do not begin alike': (photo) => Promise.all(apart.map((spec) => spec.generate(photo))),
  'specs that begin alike': (photo) => Promise.all(alike.map((spec) => spec.generate(photo))),
  'the same, two at a time': (photo) => gated(alike.map((spec) => () => spec.generate(Buffer.from(photo)))),
}

/** Memory that a contestant takes, in a process of its own, so that one's peak is not another's. */
async function peakOf(name, photo) {
  const child = fork(fileURLToPath(import.meta.url), [name], { serialization: 'advanced' })
  child.send(photo)
  return new Promise((resolve) => child.once('message', resolve))
}

if (process.send) {
  process.once('message', async (photo) => {
    // `maxRSS` would begin with what the parent had when it forked.
    const before = process.memoryUsage.rss()
    let peak = before
    const sampling = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss())
    }, 2)
    await contestants[process.argv[2]](Buffer.from(photo))
    clearInterval(sampling)
    process.send((peak - before) / 2 ** 20)
    process.disconnect()
  })
} else {
  const photo = await photograph(4_000, 3_000)
  const runs = Object.entries(contestants).map(([name, run]) => [name, () => cost(() => run(photo))])
  const results = await rounds(8, Object.fromEntries(runs))
  const cpu = (name) => median(results[name].slice(1).map((result) => result.cpu))
  const rows = []
  for (const name of Object.keys(contestants)) {
    const ratio = cpu(name) / cpu('bare sharp, one pipeline each')
    rows.push([
      name,
      `${cpu(name).toFixed(0)} ms CPU`,
      ratio.toFixed(2),
      `${(await peakOf(name, photo)).toFixed(0)} MB at the peak`,
    ])
  }
  report('Six widths of one picture (median of 7 interleaved rounds)', rows)
}
