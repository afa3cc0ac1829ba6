/** Makes docs/processors.md and its pictures. */
import { readdir, readFile } from 'node:fs/promises'
import * as everything from '@latent-image/spec'
import sharp from 'sharp'
import { optionTable } from './schema-text.mjs'

const spec = { ...everything }
const root = new URL('..', import.meta.url)
const sources = new URL('packages/spec/src/processors/', root)

/** How each processor is called for its picture: as it is written, with what has to go before it. */
const examples = {
  addBorder: ["addBorder(10, { color: '#222222' })"],
  adjust: ['adjust({ brightness: 1.1, contrast: 1.4, saturation: 1.5, sharpness: 2 })'],
  colorOverlay: ["colorOverlay('#0060c0', { opacity: 0.4 })"],
  crop: ["crop(150, 100, { anchor: 'top-left' })"],
  extract: ['extract(90, 60, 120, 80)'],
  flip: ["flip('horizontal')"],
  gaussianBlur: ['gaussianBlur(4)'],
  grayscale: ['grayscale()'],
  makeOpaque: ["makeOpaque('#c0306a')", 'roundCorners(40)'],
  reflection: ['reflection({ size: 0.4 })'],
  resize: ['resize(120, 120)'],
  resizeCanvas: ["resizeCanvas(260, 220, { color: '#dddddd', anchor: 'top' })"],
  resizeToCover: ['resizeToCover(150, 150)'],
  resizeToFill: ["resizeToFill(120, 160, { anchor: 'right' })"],
  resizeToFit: ["resizeToFit(160, 160, { matColor: '#222222' })"],
  rotate: ["rotate(12, { color: 'white' })"],
  roundCorners: ['roundCorners(40)'],
  smartCrop: ["smartCrop(120, 120, { interest: 'attention' })"],
  smartResize: ['smartResize(140, 140)'],
  thumbnail: ['thumbnail(100, 100)'],
  tint: ["tint('#a06040')"],
  transpose: ["transpose('rotate-90')"],
  trimBorderColor: ['trimBorderColor()', "addBorder([10, 50, 30, 20], { color: '#222222' })"],
  watermark: ["watermark('badge.png', { margin: 8, opacity: 0.8 })"],
}

const badge = await sharp(
  Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="56" height="24"><rect width="56" height="24" rx="12" fill="#fff"/><circle cx="14" cy="12" r="6" fill="#d2557a"/><rect x="26" y="9" width="20" height="6" rx="3" fill="#24365e"/></svg>',
  ),
)
  .png()
  .toBuffer()

/** The processors that a text calls, as steps. */
function steps(...calls) {
  const names = Object.keys(examples)
  return new Function(...names, `return [${calls.join(', ')}]`)(...names.map((name) => spec[name]))
}

const photo = await readFile(new URL('examples/quickstart/media/photos/dunes.jpg', root))
const { data: original } = await spec.imageSpec({ processors: [spec.resizeToFit(300)], format: 'png' }).generate(photo)

function render(...calls) {
  const generator = spec.imageSpec(
    { processors: steps(...calls), format: 'webp', options: { quality: 80 } },
    { openImage: async () => badge },
  )
  return generator.generate(original)
}

/** Every picture of the page. */
export async function* pictures() {
  yield { name: 'original.webp', data: (await render()).data }
  for (const [name, [call, ...before]] of Object.entries(examples)) {
    if (before.length > 0) yield { name: `${name}-before.webp`, data: (await render(...before)).data }
    yield { name: `${name}.webp`, data: (await render(...before, call)).data }
  }
}

/** What the comment above a processor says. */
async function comments() {
  const found = {}
  for (const file of await readdir(sources)) {
    const text = await readFile(new URL(file, sources), 'utf8')
    for (const [, comment, name] of text.matchAll(
      /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const (\w+) = makeProcessor/g,
    )) {
      found[name] = comment
        .replace(/^\s*\* ?/gm, ' ')
        .replace(/\s+/g, ' ')
        .trim()
    }
  }
  return found
}

function section(name, said, { width, height }) {
  const [call, ...before] = examples[name]
  const { definition } = spec[name]
  const { positional = [], options: schema } = definition
  const options = Object.keys(schema.entries)
  const [step] = steps(call)
  const others = options.some((option) => !positional.includes(option)) ? ['{ … }'] : []
  const shown = `![${name}](pictures/${name}.webp)`
  return [
    `## ${name}`,
    said,
    before.length > 0 ? `![before ${name}](pictures/${name}-before.webp) ${shown}` : shown,
    `${width} × ${height}, by \`${[...before, call].join(', ')}\`; as data: \`${JSON.stringify([step.name, step.options])}\``,
    options.length > 0 ? optionTable(schema) : 'It has no options.',
    `Called as \`${name}(${[...positional, ...others].join(', ')})\`.`,
  ]
}

/** The text of docs/processors.md. */
export async function processorsPage() {
  const said = await comments()
  const sections = []
  for (const [name, [call, ...before]] of Object.entries(examples)) {
    sections.push(...section(name, said[name], (await render(...before, call)).facts))
  }
  return `${[
    '# Processors',
    'What a spec can do to a picture, in the order in which it lists them. This page is written by `scripts/document-processors.mjs`.',
    'Every example works on this picture of 300 × 200 pixels:',
    '![the original](pictures/original.webp)',
    'An `anchor` names a point: `top-left`, `top`, `top-right`, `left`, `center`, `right`, `bottom-left`, `bottom`, `bottom-right`, or two fractions of width and height (a focal point) such as `[0.3, 0.5]`. Where a picture is cut, the anchor is kept as near to the middle as its edges allow. Nothing is enlarged unless `upscale` is `true`.',
    ...sections,
  ].join('\n\n')}\n`
}
