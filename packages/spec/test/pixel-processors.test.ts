import {
  addBorder,
  adjust,
  colorOverlay,
  extract,
  flip,
  gaussianBlur,
  grayscale,
  imageSpec,
  makeOpaque,
  type OpenImage,
  reflection,
  rotate,
  roundCorners,
  type Step,
  smartCrop,
  tint,
  trimBorderColor,
  watermark,
} from '@latent-image/spec'
import { expect, test } from 'vitest'
import { animation, blue, coordinates, decode, distance, green, plain, quarters, red, yellow } from './pictures.ts'

async function made(source: Uint8Array, step: Step, openImage?: OpenImage) {
  const { data } = await imageSpec({ processors: [step], format: 'png' }, { openImage }).generate(source)
  return decode(data)
}

const patch = await coordinates(60, 40).png().toBuffer()
const patchPixels = await decode(patch)

/** Checks every pixel against a formula of the pixel before, channel by channel. */
async function expectPixels(
  step: Step,
  formula: (pixel: readonly number[], channel: 0 | 1 | 2) => number,
  tolerance = 1,
) {
  const { at, width, height } = await made(patch, step)
  let worst = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const before = patchPixels.at(x, y)
      for (const channel of [0, 1, 2] as const) {
        const expected = Math.min(255, Math.max(0, formula(before, channel)))
        worst = Math.max(worst, Math.abs((at(x, y)[channel] ?? Number.NaN) - expected))
      }
    }
  }
  expect(worst).toBeLessThanOrEqual(tolerance)
}

const luma = ([r = 0, g = 0, b = 0]: readonly number[]) => 0.2126 * r + 0.7152 * g + 0.0722 * b
const mix = (from: number, to: number, share: number) => from + (to - from) * share

test('grayscale leaves the luma in every channel', () => expectPixels(grayscale(), luma))

test.each([0, 0.5, 1.5])('adjust changes saturation by %d', (saturation) =>
  expectPixels(adjust({ saturation }), (pixel, channel) => mix(luma(pixel), pixel[channel] ?? 0, saturation)),
)

test.each([0, 0.5, 2])('adjust changes brightness by %d', (brightness) =>
  expectPixels(adjust({ brightness }), (pixel, channel) => (pixel[channel] ?? 0) * brightness),
)

test.each([0, 0.5, 2])('adjust changes contrast by %d around the middle', (contrast) =>
  expectPixels(adjust({ contrast }), (pixel, channel) => mix(127.5, pixel[channel] ?? 0, contrast)),
)

test('adjust changes brightness first, then contrast', () =>
  expectPixels(adjust({ brightness: 1.5, contrast: 0.5 }), (pixel, channel) =>
    mix(127.5, 1.5 * (pixel[channel] ?? 0), 0.5),
  ))

test('adjust with nothing to change changes nothing', () =>
  expectPixels(adjust(), (pixel, channel) => pixel[channel] ?? 0, 0))

test('colorOverlay mixes a color in', () =>
  expectPixels(colorOverlay('#ff8000', { opacity: 0.25 }), (pixel, channel) =>
    mix(pixel[channel] ?? 0, [255, 128, 0][channel] ?? 0, 0.25),
  ))

test('colorOverlay mixes a color in half, if it is not told how much', () =>
  expectPixels(colorOverlay('#ff8000'), (pixel, channel) => mix(pixel[channel] ?? 0, [255, 128, 0][channel] ?? 0, 0.5)))

test('colorOverlay mixes less of a color that is transparent', () =>
  expectPixels(colorOverlay('#ff800040', { opacity: 0.8 }), (pixel, channel) =>
    mix(pixel[channel] ?? 0, [255, 128, 0][channel] ?? 0, (0.8 * 64) / 255),
  ))

test('colorOverlay leaves transparency as it is', async () => {
  const { at } = await made(await plain(4, 4, { r: 0, g: 0, b: 0, alpha: 0 }).png().toBuffer(), colorOverlay('#fff'))
  expect(at(1, 1)[3]).toBe(0)
})

test('adjust by sharpness mixes the picture with a smoothed one', async () => {
  const dot = await plain(9, 9, { r: 100, g: 100, b: 100 })
    .composite([
      {
        input: { create: { width: 1, height: 1, channels: 3, background: { r: 165, g: 165, b: 165 } } },
        left: 4,
        top: 4,
      },
    ])
    .removeAlpha()
    .png()
    .toBuffer()
  const blurred = await made(dot, adjust({ sharpness: 0 }))
  // The smoothing kernel is 1 around 5, over 13: of the 65 more, 25 stay and 5 go to each neighbor.
  expect([blurred.at(4, 4)[0], blurred.at(3, 4)[0], blurred.at(3, 3)[0], blurred.at(2, 4)[0]]).toEqual([
    125, 105, 105, 100,
  ])
  const sharpened = await made(dot, adjust({ sharpness: 2 }))
  expect([sharpened.at(4, 4)[0], sharpened.at(3, 4)[0]]).toEqual([205, 95])
})

test.each([
  ['3', gaussianBlur(3), 3],
  ['5', gaussianBlur(5), 5],
  ['2 by default', gaussianBlur(), 2],
])('gaussianBlur by %s spreads a line as the Gaussian does', async (_, step, radius) => {
  const line = await plain(61, 9, { r: 0, g: 0, b: 0 })
    .composite([
      {
        input: { create: { width: 1, height: 9, channels: 3, background: { r: 255, g: 255, b: 255 } } },
        left: 30,
        top: 0,
      },
    ])
    .removeAlpha()
    .png()
    .toBuffer()
  const { at } = await made(line, step)
  for (const offset of [0, 1, 2, 3, 4]) {
    const expected = (255 * Math.exp(-(offset ** 2) / (2 * radius ** 2))) / Math.sqrt(2 * Math.PI * radius ** 2)
    expect(Math.abs((at(30 + offset, 4)[0] ?? 0) - expected)).toBeLessThan(2)
    expect(at(30 - offset, 4)[0]).toBe(at(30 + offset, 4)[0])
  }
})

test('makeOpaque lays the picture on a color', async () => {
  const source = await plain(4, 4, { r: 255, g: 255, b: 255, alpha: 0.5 }).png().toBuffer()
  const { at, channels } = await made(source, makeOpaque('#000000'))
  expect(channels).toBe(3)
  expect(distance(at(1, 1), { r: 128, g: 128, b: 128 })).toBeLessThanOrEqual(1)
})

test('makeOpaque lays the picture on white, if it is not told a color', async () => {
  const { at } = await made(await plain(4, 4, { r: 0, g: 0, b: 0, alpha: 0.5 }).png().toBuffer(), makeOpaque())
  expect(distance(at(1, 1), { r: 127, g: 127, b: 127 })).toBeLessThanOrEqual(1)
})

function labOf([r = 0, g = 0, b = 0]: readonly number[]): [number, number, number] {
  const linear = (value: number) => (value <= 10.314 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4)
  const [lr, lg, lb] = [linear(r), linear(g), linear(b)]
  const f = (value: number) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116)
  const x = f((0.4124 * lr + 0.3576 * lg + 0.1805 * lb) / 0.9505)
  const y = f(0.2126 * lr + 0.7152 * lg + 0.0722 * lb)
  const z = f((0.0193 * lr + 0.1192 * lg + 0.9505 * lb) / 1.089)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

test('tint keeps the lightness and takes the hue', async () => {
  const source = await plain(8, 8, { r: 120, g: 130, b: 140 }).png().toBuffer()
  const { at } = await made(source, tint('#a06040'))
  const [lightness, a, b] = labOf(at(3, 3))
  const [, hueA, hueB] = labOf([160, 96, 64])
  expect(Math.abs(lightness - labOf([120, 130, 140])[0])).toBeLessThan(1.5)
  expect(Math.hypot(a - hueA, b - hueB)).toBeLessThan(3)
})

test('addBorder adds what it is told on each side', async () => {
  const { at, width, height } = await made(patch, addBorder([1, 2, 3, 4], { color: '#112233' }))
  expect([width, height]).toEqual([66, 44])
  expect(at(3, 1)).toEqual([0x11, 0x22, 0x33])
  expect(at(4, 0)).toEqual([0x11, 0x22, 0x33])
  expect(at(4, 1)).toEqual([0, 0, 0])
  expect(at(63, 40)).toEqual([59, 39, 0])
  expect(at(64, 40)).toEqual([0x11, 0x22, 0x33])
})

test('extract cuts out exactly a region', async () => {
  const { at, width, height } = await made(patch, extract(10, 5, 20, 30))
  expect([width, height]).toEqual([20, 30])
  expect([at(0, 0), at(19, 29)]).toEqual([
    [10, 5, 0],
    [29, 34, 0],
  ])
})

test('extract fails where the picture has not all of it', async () => {
  await expect(made(patch, extract(50, 5, 20, 30))).rejects.toMatchObject({ code: 'PROCESSOR_FAILED' })
})

test.each([
  ['horizontal', [59, 0]],
  ['vertical', [0, 39]],
] as const)('flip %s mirrors', async (direction, [x, y]) => {
  const { at } = await made(patch, flip(direction))
  expect(at(0, 0)).toEqual([x, y, 0])
})

test('rotate by a quarter is exact and clockwise', async () => {
  const { at, width, height } = await made(patch, rotate(-270))
  expect([width, height]).toEqual([40, 60])
  expect(at(0, 0)).toEqual([0, 39, 0])
  expect(at(39, 0)).toEqual([0, 0, 0])
})

test('rotate by any angle grows until nothing is cut off', async () => {
  const { at, width, height } = await made(await plain(100, 50).png().toBuffer(), rotate(30, { color: '#0000ff' }))
  const [cos, sin] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)]
  expect([width, height]).toEqual([Math.round(100 * cos + 50 * sin), Math.round(100 * sin + 50 * cos)])
  expect(at(0, 0)).toEqual([0, 0, 255])
  expect(at(width >> 1, height >> 1)).toEqual([200, 20, 20])
})

test('rotate of a long line asks for too much', async () => {
  await expect(made(await plain(40_000, 1).png().toBuffer(), rotate(45))).rejects.toMatchObject({
    code: 'PICTURE_TOO_LARGE',
  })
})

test('roundCorners cuts a quarter of a circle off each corner', async () => {
  const { at, width, height } = await made(patch, roundCorners(10))
  let transparent = 0
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) transparent += 255 - (at(x, y)[3] ?? 0)
  expect(Math.abs(transparent / 255 - (4 - Math.PI) * 100)).toBeLessThan(2)
  expect([at(0, 0)[3], at(width - 1, 0)[3], at(0, height - 1)[3], at(width - 1, height - 1)[3]]).toEqual([0, 0, 0, 0])
  expect(at(10, 0)).toEqual([10, 0, 0, 255])
})

test('roundCorners makes a circle of a square', async () => {
  const { at } = await made(await plain(21, 21).png().toBuffer(), roundCorners('full'))
  let opaque = 0
  for (let y = 0; y < 21; y++) for (let x = 0; x < 21; x++) opaque += at(x, y)[3] ?? 0
  expect(Math.abs(opaque / 255 - Math.PI * 10.5 ** 2)).toBeLessThan(3)
})

test.each([
  ['into the color', reflection({ size: 0.25, opacity: 0.5, color: '#0000ff' }), 10, 0.5, [0, 0, 255]],
  ['into white, if it is not told more', reflection(), 12, 0.6, [255, 255, 255]],
] as const)('reflection fades the lowest rows %s', async (_, step, rows, opacity, [r, g, b]) => {
  const { at, width, height } = await made(patch, step)
  expect([width, height]).toEqual([60, 40 + rows])
  for (const row of [0, 4, 9]) {
    const visible = opacity * (1 - row / rows)
    const expected = { r: mix(r, 30, visible), g: mix(g, 39 - row, visible), b: mix(b, 0, visible) }
    expect(distance(at(30, 40 + row), expected)).toBeLessThanOrEqual(2)
  }
  expect(at(30, 39).slice(0, 3)).toEqual([30, 39, 0])
})

const framed = await coordinates(30, 20)
  .extend({ top: 5, right: 7, bottom: 3, left: 9, background: '#ffffff' })
  .png()
  .toBuffer()

test('trimBorderColor finds the border by itself', async () => {
  const { at, width, height } = await made(framed, trimBorderColor())
  expect([width, height]).toEqual([30, 20])
  expect(at(29, 19)).toEqual([29, 19, 0])
})

test('trimBorderColor cuts only the sides it is told', async () => {
  const { width, height } = await made(framed, trimBorderColor({ sides: ['left', 'top'] }))
  expect([width, height]).toEqual([37, 23])
})

test('trimBorderColor leaves other colors, and plain pictures, alone', async () => {
  const other = await made(framed, trimBorderColor({ color: '#ff0000' }))
  expect([other.width, other.height]).toEqual([46, 28])
  const all = await made(await plain(8, 8).png().toBuffer(), trimBorderColor())
  expect([all.width, all.height]).toEqual([8, 8])
})

test('trimBorderColor takes a tolerance', async () => {
  const source = await plain(10, 10, { r: 100, g: 100, b: 100 })
    .extend({ top: 2, bottom: 2, left: 2, right: 2, background: { r: 110, g: 110, b: 110 } })
    .png()
    .toBuffer()
  expect((await made(source, trimBorderColor({ tolerance: 0.03 }))).width).toBe(10)
  expect((await made(source, trimBorderColor({ tolerance: 0.05 }))).width).toBe(14)
})

test.each([
  [76, 14],
  [77, 10],
])('trimBorderColor takes three tenths for the same, if it is not told: %d of 255', async (difference, width) => {
  const source = await plain(10, 10, { r: 100, g: 100, b: 100 })
    .extend({ top: 2, bottom: 2, left: 2, right: 2, background: { r: 100, g: 100, b: 100 + difference } })
    .png()
    .toBuffer()
  expect((await made(source, trimBorderColor())).width).toBe(width)
})

test('an animation is trimmed alike in all its frames', async () => {
  const { facts } = await imageSpec({ processors: [smartCrop(10, 10), trimBorderColor()] }).generate(
    await animation(20, 10, [red, blue]),
  )
  expect(facts).toMatchObject({ width: 10, height: 10, frames: 2 })
})

const mark = await plain(10, 6, { ...green, alpha: 1 })
  .png()
  .toBuffer()
const openMark: OpenImage = async () => mark

test('watermark lies where its anchor and margin say', async () => {
  const { at } = await made(patch, watermark('mark.png', { margin: 2 }), openMark)
  expect(at(57, 37).slice(0, 3)).toEqual(Object.values(green))
  expect(at(48, 32).slice(0, 3)).toEqual(Object.values(green))
  expect(at(47, 32).slice(0, 3)).toEqual([47, 32, 0])
  expect(at(58, 37).slice(0, 3)).toEqual([58, 37, 0])
})

test('watermark is as opaque as it is told', async () => {
  const { at } = await made(patch, watermark('mark.png', { anchor: 'top-left', opacity: 0.5 }), openMark)
  expect(distance(at(4, 2), { r: 12, g: 91, b: 10 })).toBeLessThanOrEqual(1)
})

test('watermark is less opaque still where its image is', async () => {
  const half = await plain(10, 6, { ...green, alpha: 0.5 })
    .png()
    .toBuffer()
  const { at } = await made(patch, watermark('mark.png', { anchor: 'top-left', opacity: 0.5 }), async () => half)
  expect(distance(at(4, 2), { r: mix(4, 20, 0.25), g: mix(2, 180, 0.25), b: mix(0, 20, 0.25) })).toBeLessThanOrEqual(1)
})

test('watermark lies upright', async () => {
  const laid = await quarters(8, 4).withMetadata({ orientation: 6 }).png().toBuffer()
  const { at } = await made(patch, watermark('mark.png', { anchor: 'top-left' }), async () => laid)
  // Turned clockwise: blue and red above, yellow and green below.
  const found = [at(0, 0), at(3, 0), at(0, 7), at(3, 7)].map((pixel) => pixel.slice(0, 3))
  expect(found).toEqual([blue, red, yellow, green].map((color) => Object.values(color)))
  expect(at(4, 0).slice(0, 3)).toEqual([4, 0, 0])
})

test('watermark is as wide as it is told, and never larger than the picture', async () => {
  const half = await made(patch, watermark('mark.png', { anchor: 'top-left', width: 0.5 }), openMark)
  expect(distance(half.at(29, 17), green)).toBeLessThanOrEqual(1)
  expect(half.at(30, 17).slice(0, 3)).toEqual([30, 17, 0])
  const small = await made(await plain(5, 5).png().toBuffer(), watermark('mark.png'), openMark)
  expect([small.width, small.height]).toEqual([5, 5])
})

test('watermark is left out where the margin leaves no room', async () => {
  const { at } = await made(await plain(5, 5).png().toBuffer(), watermark('mark.png', { margin: 3 }), openMark)
  expect(at(2, 2).slice(0, 3)).toEqual(Object.values(red))
})

test('watermark is opened once for all frames of an animation', async () => {
  const opened: string[] = []
  const openImage: OpenImage = async (name) => {
    opened.push(name)
    return mark
  }
  const spec = imageSpec({ processors: [watermark('mark.png')], format: 'webp' }, { openImage })
  const { facts } = await spec.generate(await animation(20, 20, [red, blue]))
  expect(facts.frames).toBe(2)
  expect(opened).toEqual(['mark.png'])
})

test('a watermark that cannot be opened is not the source’s fault', async () => {
  const gone = () => Promise.reject(new Error('gone'))
  await expect(made(patch, watermark('mark.png'), gone)).rejects.toMatchObject({
    code: 'IMAGE_UNAVAILABLE',
    fault: 'machine',
  })
})

test('a watermark of which nobody knows where it is needs `openImage`', async () => {
  await expect(made(patch, watermark('mark.png'))).rejects.toMatchObject({ code: 'NO_IMAGES', fault: 'caller' })
})

test.each([
  ['text', Buffer.from('text')],
  ['half a picture', mark.subarray(0, 60)],
])('a watermark that is %s is not the source’s fault', async (_, data) => {
  await expect(made(patch, watermark('mark.png'), async () => data)).rejects.toMatchObject({
    code: 'PROCESSOR_FAILED',
    fault: 'caller',
  })
})

test('pixel processors keep the frames of an animation apart', async () => {
  const source = await animation(20, 20, [red, blue])
  const { data } = await imageSpec({ processors: [gaussianBlur(3), roundCorners(4)], format: 'webp' }).generate(source)
  expect(distance((await decode(data, 1)).at(10, 1), blue)).toBeLessThan(12)
})

test.each([
  ['no radius', () => roundCorners(undefined as unknown as number)],
  ['a negative radius', () => roundCorners(-1)],
  ['a radius that is too small', () => gaussianBlur(0.1)],
  ['a thickness of three sides', () => addBorder([1, 2, 3] as never)],
  ['a negative thickness', () => addBorder(-1)],
  ['an unknown direction', () => flip('diagonal' as 'vertical')],
  ['an angle that is none', () => rotate(Number.NaN)],
  ['a negative factor', () => adjust({ contrast: -1 })],
  ['an opacity above 1', () => colorOverlay('#fff', { opacity: 2 })],
  ['a color that is none', () => tint('#12345')],
  ['a color that is none to lay on', () => makeOpaque('red')],
  ['a reflection of nothing', () => reflection({ size: 0 })],
  ['an unknown side', () => trimBorderColor({ sides: ['middle' as 'top'] })],
  ['an image without a name', () => watermark('')],
  ['a region outside of everything', () => extract(-1, 0, 1, 1)],
  ['options of a processor that has none', () => grayscale({ strong: true } as never)],
])('refuses %s', (_, call) => {
  expect(call).toThrowError(expect.objectContaining({ code: 'INVALID_PROCESSOR', fault: 'caller' }))
})
