import {
  addBorder,
  crop,
  flip,
  gaussianBlur,
  imageSpec,
  resize,
  resizeToFill,
  resizeToFit,
  rotate,
  type SpecContent,
} from '@latent-image/spec'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { animation, blue, green, quarters, red } from './pictures.ts'

const [width, height] = [320, 240]

/** Smooth and busy at once, so that every way of scaling shows. */
function photo(channels: 1 | 2 | 3 | 4) {
  const size = { width: 40, height: 30 }
  const data = Buffer.from(
    Array.from({ length: size.width * size.height * channels }, (_, index) => (index * 7_919) % 256),
  )
  const image = sharp(data, { raw: { ...size, channels } }).resize(width, height, { kernel: 'cubic' })
  return channels < 3 ? image.toColourspace('b-w') : image
}

const sources: Readonly<Record<string, () => Promise<Buffer>>> = {
  'a JPEG': () => photo(3).jpeg().toBuffer(),
  'a progressive JPEG': () => photo(3).jpeg({ progressive: true }).toBuffer(),
  'a JPEG of odd size': () => photo(3).resize(317, 239).jpeg().toBuffer(),
  'a JPEG in grey': () => photo(1).jpeg().toBuffer(),
  'a JPEG in CMYK': () => photo(3).toColourspace('cmyk').jpeg().toBuffer(),
  'a JPEG in Display P3': () => photo(3).withIccProfile('p3').jpeg().toBuffer(),
  'a JPEG that says its resolution': () => photo(3).withMetadata({ density: 300 }).jpeg().toBuffer(),
  'a JPEG that is turned': () => photo(3).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  'a PNG': () => photo(3).png().toBuffer(),
  'a PNG with alpha': () => photo(4).png().toBuffer(),
  'a PNG that says its resolution': () => photo(4).withMetadata({ density: 300 }).png().toBuffer(),
  'a PNG with a palette': () => photo(4).png({ palette: true, colors: 16 }).toBuffer(),
  'a PNG in grey': () => photo(1).png().toBuffer(),
  'a PNG in grey with alpha': () => photo(2).png().toBuffer(),
  'a PNG of 16 bits': () => photo(3).toColourspace('rgb16').png().toBuffer(),
  'a PNG of 16 bits in grey': () => photo(1).toColourspace('grey16').png().toBuffer(),
  'a PNG of 16 bits in Display P3': () => photo(3).toColourspace('rgb16').withIccProfile('p3').png().toBuffer(),
  'a WebP with alpha': () => photo(4).webp().toBuffer(),
  'a GIF': () => photo(4).gif().toBuffer(),
  'a TIFF in CMYK': () => photo(3).toColourspace('cmyk').tiff().toBuffer(),
  'a TIFF in Lab': () => photo(3).toColourspace('lab').tiff().toBuffer(),
  'an AVIF': () => quarters(width, height).avif({ effort: 0 }).toBuffer(),
  'an animated GIF': () => animation(64, 48, [red, green, blue]),
  'an animated WebP': () => animation(64, 48, [red, green, blue], 'webp'),
}

const color = '#ff0000'
const processors = [
  [],
  [resizeToFit(250, 250)],
  [resizeToFit(150, 150)],
  [resizeToFit(100, 100)],
  [resizeToFit(45, 45)],
  [resize(45, 200)],
  [resizeToFill(150, 50)],
  [crop(40, 30)],
  [crop(40, 30), resizeToFit(30)],
  [resizeToFit(150, 150, { matColor: color })],
  [addBorder(3, { color })],
  [resizeToFit(150, 150), rotate(90)],
  [addBorder(3, { color: 'transparent' }), resizeToFit(150, 150)],
  [flip('horizontal')],
  [resizeToFit(150, 150), gaussianBlur(1)],
]
const encodings: readonly SpecContent[] = [
  { format: 'jpeg' },
  { format: 'png' },
  { format: 'png', options: { palette: true } },
  { format: 'webp' },
  { format: 'gif' },
]

/** Runs some work after other work, so that what they share is what was still there. */
async function inTurn<Answer>(work: readonly (() => Promise<Answer>)[]): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const begin of work) answers.push(await begin())
  return answers
}

describe('the same bytes are made alone, beside others, and after others', () => {
  test.for(Object.entries(sources))('of %s', async ([, make]) => {
    const source = await make()
    const specs = encodings.flatMap((encoding) =>
      processors.map((steps) => imageSpec({ ...encoding, processors: steps } as SpecContent)),
    )
    const alone: Uint8Array[] = []
    for (const spec of specs) {
      // Other bytes after the end of the picture, so that nobody finds what another has decoded.
      const own = Buffer.concat([source, Buffer.from(` ${alone.length}`)])
      alone.push((await spec.generate(own)).data)
    }
    const work = specs.map((spec) => async () => (await spec.generate(source)).data)
    const beside = await Promise.all(work.map((begin) => begin()))
    const after = await inTurn(work)
    for (const [index, bytes] of alone.entries()) {
      expect(Buffer.compare(bytes, beside[index] ?? Buffer.alloc(0)), `${index} beside others`).toBe(0)
      expect(Buffer.compare(bytes, after[index] ?? Buffer.alloc(0)), `${index} after others`).toBe(0)
    }
  })
})

test.each(['gif', 'webp'] as const)(
  'one frame of an animated %s has the same bytes alone and beside others',
  async (kind) => {
    const source = await animation(64, 48, [red, green], kind)
    const spec = imageSpec({ format: 'gif', animated: false })
    const alone = await spec.generate(Buffer.concat([source, Buffer.from(' ')]))
    const [beside] = await Promise.all([spec, imageSpec({ format: 'png' })].map((each) => each.generate(source)))
    expect(Buffer.compare(beside?.data ?? Buffer.alloc(0), alone.data)).toBe(0)
  },
)
