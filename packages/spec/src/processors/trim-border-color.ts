import * as v from 'valibot'
import { type Channels, channelsOf, colorSchema } from '../color.ts'
import type { Region } from '../geometry.ts'
import type { Pixels } from '../operations.ts'
import { makeProcessor } from '../processor.ts'

const sides = ['top', 'right', 'bottom', 'left'] as const

/**
 * Cuts off what has the color of the border: the one given, or the median of the outermost pixels. `tolerance` is how far
 * a channel may be off, from 0 to 1.
 */
export const trimBorderColor = makeProcessor({
  name: 'trimBorderColor',
  options: v.strictObject({
    color: v.optional(
      v.pipe(colorSchema, v.description('Of the border; the median of the outermost pixels, if left out')),
    ),
    tolerance: v.optional(
      v.pipe(
        v.number(),
        v.minValue(0),
        v.maxValue(1),
        v.description('How far a channel may be off, as a share of its range'),
      ),
      0.3,
    ),
    sides: v.optional(v.pipe(v.array(v.picklist(sides)), v.readonly(), v.description('Where it is cut')), [...sides]),
  }),
  apply: (picture, { color, tolerance, sides: trimmed }) =>
    picture.extractWhere((pixels) => {
      const border = color === undefined ? borderColor(pixels) : bytesOf(channelsOf(color))
      const found = inside(pixels, border, tolerance * 255)
      const side = (name: (typeof sides)[number], edge: number, uncut: number) =>
        trimmed.includes(name) ? edge : uncut
      const left = side('left', found.left, 0)
      const top = side('top', found.top, 0)
      const right = side('right', found.left + found.width, pixels.width)
      const bottom = side('bottom', found.top + found.height, pixels.height)
      return { left, top, width: right - left, height: bottom - top }
    }),
})

type Rgba = readonly [number, number, number, number]

function bytesOf({ r, g, b, alpha }: Channels): Rgba {
  return [r, g, b, Math.round(alpha * 255)]
}

function pixelAt({ data, width, channels }: Pixels, x: number, y: number): Rgba {
  const at = (y * width + x) * channels
  const gray = data[at] ?? 0
  if (channels < 3) return [gray, gray, gray, channels === 2 ? (data[at + 1] ?? 255) : 255]
  return [gray, data[at + 1] ?? 0, data[at + 2] ?? 0, channels === 4 ? (data[at + 3] ?? 255) : 255]
}

function borderColor(pixels: Pixels): Rgba {
  const { width, height } = pixels
  const outermost: Rgba[] = []
  for (let x = 0; x < width; x++) outermost.push(pixelAt(pixels, x, 0), pixelAt(pixels, x, height - 1))
  for (let y = 0; y < height; y++) outermost.push(pixelAt(pixels, 0, y), pixelAt(pixels, width - 1, y))
  const median = (channel: 0 | 1 | 2 | 3) => {
    const values = outermost.map((pixel) => pixel[channel]).sort((one, other) => one - other)
    return values[values.length >> 1] ?? 0
  }
  return [median(0), median(1), median(2), median(3)]
}

/** The smallest region that holds every pixel of another color; the whole picture if there is none. */
function inside(pixels: Pixels, border: Rgba, tolerance: number): Region {
  const { width, height } = pixels
  const differs = (x: number, y: number) =>
    pixelAt(pixels, x, y).some((value, channel) => Math.abs(value - (border[channel] ?? 0)) > tolerance)
  const rowDiffers = (y: number) => someBelow(width, (x) => differs(x, y))
  let top = 0
  while (top < height && !rowDiffers(top)) top++
  if (top === height) return { left: 0, top: 0, width, height }
  let bottom = height - 1
  while (!rowDiffers(bottom)) bottom--
  const columnDiffers = (x: number) => someBelow(bottom - top + 1, (y) => differs(x, top + y))
  let left = 0
  while (!columnDiffers(left)) left++
  let right = width - 1
  while (!columnDiffers(right)) right--
  return { left, top, width: right - left + 1, height: bottom - top + 1 }
}

function someBelow(end: number, holds: (index: number) => boolean): boolean {
  for (let index = 0; index < end; index++) if (holds(index)) return true
  return false
}
