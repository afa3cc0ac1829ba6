/** Several derivatives of one 12-megapixel picture against as many pipelines in bare sharp, cold: CPU time, and memory. */
import { availableParallelism } from 'node:os'
import { imageSpec, resizeToFit } from '@latent-image/spec'
import sharp from 'sharp'
import { freshCopyOf } from './fresh-copy.mjs'
import { cost, median, report, rounds } from './measure.mjs'
import { answerPeak, measured, peakOf } from './peak-memory.mjs'
import { photograph } from './photograph.mjs'

const widths = [320, 640, 960, 1280, 1600, 1920]
const encodings = { jpeg: { quality: 80 }, webp: { quality: 80, effort: 4 }, avif: { quality: 50, effort: 3 } }

const jpegs = (processorsOf) =>
  widths.map((width) => imageSpec({ processors: processorsOf(width), format: 'jpeg', options: encodings.jpeg }))
const apart = jpegs((width) => [resizeToFit(width)])
const alike = jpegs((width) => [resizeToFit(1920), resizeToFit(width)])
const formats = Object.entries(encodings).map(([format, options]) =>
  imageSpec({ processors: [resizeToFit(640)], format, options }),
)

sharp.cache(false)
const bare = (data, width, format = 'jpeg') =>
  sharp(data, { failOn: 'warning' }).autoOrient().resize(width).toFormat(format, encodings[format]).toBuffer()

/** As a backend would: only so many at a time. */
async function gated(jobs, limit = Math.min(availableParallelism(), 2)) {
  const waiting = [...jobs]
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) await job()
  }
  await Promise.all(Array.from({ length: limit }, work))
}

const together = (specs) => (data) => Promise.all(specs.map((spec) => spec.generate(data)))
const bareWidths = (data) => Promise.all(widths.map((width) => bare(data, width)))

/** By what is made: the contestants, bare sharp first. */
const benchmarks = {
  'Six widths of one JPEG': {
    'bare sharp, one pipeline each': bareWidths,
    'specs that do not begin alike': together(apart),
    'specs that begin alike': together(alike),
    'the same, two at a time': (data) => gated(alike.map((spec) => () => spec.generate(Buffer.from(data)))),
  },
  'Six widths of one PNG': {
    'bare sharp, one pipeline each': bareWidths,
    'specs that do not begin alike': together(apart),
  },
  'One size of one JPEG in three formats': {
    'bare sharp, one pipeline each': (data) =>
      Promise.all(Object.keys(encodings).map((format) => bare(data, 640, format))),
    'specs that differ in the format': together(formats),
  },
}

async function compare(title, data) {
  const contestants = Object.entries(benchmarks[title])
  const runs = contestants.map(([name, run]) => {
    const coldRun = () => {
      const copy = freshCopyOf(data)
      return cost(() => run(copy))
    }
    return [name, coldRun]
  })
  const results = await rounds(8, Object.fromEntries(runs))
  const cpu = (name) => median(results[name].slice(1).map((result) => result.cpu))
  const [[baseline]] = contestants
  const rows = []
  for (const [name] of contestants) {
    const peak = await peakOf(import.meta.url, `${title}/${name}`, data)
    const ratio = (cpu(name) / cpu(baseline)).toFixed(2)
    rows.push([name, `${cpu(name).toFixed(0)} ms CPU`, ratio, `${peak.toFixed(0)} MB at the peak`])
  }
  report(`${title} (median of 7 interleaved rounds)`, rows)
}

if (measured) {
  const [title, name] = measured.split('/')
  await answerPeak((data) => benchmarks[title][name](Buffer.from(data)))
} else {
  const jpeg = await photograph(4_000, 3_000)
  const png = await sharp(jpeg).png({ compressionLevel: 2 }).toBuffer()
  for (const title of Object.keys(benchmarks)) await compare(title, title.includes('PNG') ? png : jpeg)
}
