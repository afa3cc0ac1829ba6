/**
 * Writes docs/formats.md: the options of every format, and what they cost and bring, measured on pictures given or on those
 * of the quickstart. Usage: node scripts/document-formats.mjs [--of WHAT] [PICTURE…]; the page says WHAT the pictures are.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { formatSchemas, imageSpec, resizeToFit } from '@latent-image/spec'
import sharp from 'sharp'
import { optionTable } from './schema-text.mjs'

const root = new URL('..', import.meta.url)
const photos = new URL('examples/quickstart/media/photos/', root)
const rounds = 3
const side = 800

/** What is varied for each format, one line of a table each; the first is the default. */
const curves = {
  jpeg: [
    {},
    { quality: 60 },
    { quality: 70 },
    { quality: 90 },
    { progressive: true },
    { mozjpeg: true },
    { mozjpeg: true, quality: 70 },
  ],
  png: [{}, { compressionLevel: 2 }, { compressionLevel: 9 }, { palette: true }, { palette: true, effort: 1 }],
  webp: [
    {},
    { quality: 60 },
    { quality: 70 },
    { quality: 90 },
    { effort: 0 },
    { effort: 2 },
    { effort: 6 },
    { lossless: true },
  ],
  avif: [
    {},
    { quality: 40 },
    { quality: 60 },
    { effort: 0 },
    { effort: 2 },
    { effort: 4 },
    { effort: 6 },
    { chromaSubsampling: '4:2:0' },
  ],
  gif: [{}, { effort: 1 }, { effort: 10 }, { dither: 0 }, { colors: 16 }],
  tiff: [{}, { compression: 'deflate' }, { compression: 'jpeg' }, { compression: 'none' }],
}

async function pixelsOf(data) {
  return sharp(data).removeAlpha().raw().toBuffer()
}

/** Peak signal-to-noise ratio in decibels; infinite where nothing was lost. */
function likeness(one, other) {
  let sum = 0
  for (let index = 0; index < one.length; index++) sum += (one[index] - other[index]) ** 2
  return 10 * Math.log10(255 ** 2 / (sum / one.length))
}

async function cpu(run) {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

const { values, positionals: files } = parseArgs({ allowPositionals: true, options: { of: { type: 'string' } } })
const what = values.of ?? (files.length > 0 ? 'pictures' : 'pictures of the quickstart')
const paths = files.length > 0 ? files : (await readdir(photos)).map((name) => new URL(name, photos))
const small = imageSpec({ processors: [resizeToFit(side, side)], format: 'png', options: { compressionLevel: 0 } })
const pictures = await Promise.all(paths.map(async (path) => (await small.generate(await readFile(path))).data))
const references = await Promise.all(pictures.map(pixelsOf))
const decoding = imageSpec({ format: 'tiff', options: { compression: 'none' } })

async function measure(format, options) {
  const spec = imageSpec({ format, options })
  const times = []
  const made = []
  for (const [index, picture] of pictures.entries()) {
    const all = []
    for (let round = 0; round < rounds; round++) {
      const nothing = await cpu(() => decoding.generate(picture))
      all.push((await cpu(() => spec.generate(picture))) - nothing)
    }
    times.push(median(all))
    const { data } = await spec.generate(picture)
    made.push({ bytes: data.length, db: likeness(references[index], await pixelsOf(data)) })
  }
  return { time: mean(times), bytes: mean(made.map(({ bytes }) => bytes)), db: mean(made.map(({ db }) => db)) }
}

const unit = (await measure('jpeg', {})).time
const sections = []
for (const [format, variations] of Object.entries(curves)) {
  const rows = []
  for (const options of variations) {
    const { time, bytes, db } = await measure(format, options)
    const label = Object.keys(options).length > 0 ? `\`${JSON.stringify(options)}\`` : 'defaults'
    const quality = Number.isFinite(db) ? `${db.toFixed(1)} dB` : 'lossless'
    rows.push(`| ${label} | ${(time / unit).toFixed(1)} | ${(bytes / 1024).toFixed(1)} KB | ${quality} |`)
  }
  sections.push(
    `## ${format}`,
    optionTable(formatSchemas[format]),
    ['| options | time | bytes | likeness |', '|---|---|---|---|', ...rows].join('\n'),
  )
}

await writeFile(
  new URL('docs/formats.md', root),
  `${[
    '# Formats',
    'Options of the encoders, and what they cost. This page is written by `scripts/document-formats.mjs`.',
    `Measured on ${pictures.length} ${what}, scaled to at most ${side} × ${side} pixels. Time is the CPU time of encoding alone, as a multiple of a JPEG's with defaults (${unit.toFixed(1)} ms on the machine that wrote this); bytes and likeness (PSNR against the pixels that went in) are means. Other pictures have other curves: \`node scripts/document-formats.mjs PICTURE…\` measures yours.`,
    'A format that is not given follows the extension of the source, and is JPEG where that tells nothing. Where a format has no transparency, what was transparent is white. GIF and WebP keep animations. EXIF, GPS and ICC are left out, colors are sRGB. AVIF is never encoded with more effort than `limits.avifEffort`.',
    ...sections,
  ].join('\n\n')}\n`,
)
