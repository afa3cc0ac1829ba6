import type { Pixels } from './operations.ts'

/** The largest side that a ThumbHash is made from. */
export const thumbHashSide = 100

interface Channel {
  /** The mean. */
  readonly dc: number
  /** The other frequencies, from 0 to 1 around 0.5 once divided by the scale. */
  readonly ac: readonly number[]
  readonly scale: number
}

/**
 * Encodes a small picture as a ThumbHash: about 25 bytes from which a blurred picture, its proportions and its
 * transparency can be drawn. The format is Evan Wallace's, https://evanw.github.io/thumbhash/.
 *
 * @param pixels - RGBA, at most 100 × 100.
 */
export function thumbHash({ data, width, height }: Pixels): Uint8Array {
  const { luminance, yellowBlue, redGreen, alpha, transparent } = channelsOf(data, width * height)
  const longer = Math.max(width, height)
  const most = transparent ? 5 : 7
  const acrossX = Math.max(1, Math.round((most * width) / longer))
  const acrossY = Math.max(1, Math.round((most * height) / longer))
  const encode = (values: Float64Array, x: number, y: number) => encodeChannel(values, width, height, x, y)

  const l = encode(luminance, Math.max(3, acrossX), Math.max(3, acrossY))
  const p = encode(yellowBlue, 3, 3)
  const q = encode(redGreen, 3, 3)
  const a = transparent ? encode(alpha, 5, 5) : undefined

  const landscape = width > height
  const header24 =
    Math.round(63 * l.dc) |
    (Math.round(31.5 + 31.5 * p.dc) << 6) |
    (Math.round(31.5 + 31.5 * q.dc) << 12) |
    (Math.round(31 * l.scale) << 18) |
    (Number(transparent) << 23)
  const header16 =
    (landscape ? acrossY : acrossX) |
    (Math.round(63 * p.scale) << 3) |
    (Math.round(63 * q.scale) << 9) |
    (Number(landscape) << 15)
  const bytes = [header24 & 255, (header24 >> 8) & 255, header24 >> 16, header16 & 255, header16 >> 8]
  if (a) bytes.push(Math.round(15 * a.dc) | (Math.round(15 * a.scale) << 4))
  const nibbles = [l, p, q, ...(a ? [a] : [])].flatMap(({ ac }) => ac.map((value) => Math.round(15 * value)))
  for (let index = 0; index < nibbles.length; index += 2) {
    bytes.push((nibbles[index] ?? 0) | ((nibbles[index + 1] ?? 0) << 4))
  }
  return Uint8Array.from(bytes)
}

/** Luminance, two differences of color, and alpha; what is transparent gets the mean color. */
function channelsOf(data: Uint8Array, count: number) {
  const opacityAt = (pixel: number) => (data[pixel * 4 + 3] ?? 0) / 255
  // In this order, as the reference does it: the last bit of a float can decide how a value is rounded.
  const shown = (pixel: number, channel: number, opacity: number) => (opacity / 255) * (data[pixel * 4 + channel] ?? 0)
  const mean = [0, 0, 0]
  let visible = 0
  for (let pixel = 0; pixel < count; pixel++) {
    const opacity = opacityAt(pixel)
    visible += opacity
    for (const channel of [0, 1, 2]) mean[channel] = (mean[channel] ?? 0) + shown(pixel, channel, opacity)
  }
  const luminance = new Float64Array(count)
  const yellowBlue = new Float64Array(count)
  const redGreen = new Float64Array(count)
  const alpha = new Float64Array(count)
  for (let pixel = 0; pixel < count; pixel++) {
    const opacity = opacityAt(pixel)
    const on = (channel: number) =>
      (visible > 0 ? (mean[channel] ?? 0) / visible : 0) * (1 - opacity) + shown(pixel, channel, opacity)
    const [r, g, b] = [on(0), on(1), on(2)]
    luminance[pixel] = (r + g + b) / 3
    yellowBlue[pixel] = (r + g) / 2 - b
    redGreen[pixel] = r - g
    alpha[pixel] = opacity
  }
  return { luminance, yellowBlue, redGreen, alpha, transparent: visible < count }
}

/** The lower left triangle of a discrete cosine transform. */
function encodeChannel(values: Float64Array, width: number, height: number, countX: number, countY: number): Channel {
  const ac: number[] = []
  let dc = 0
  let scale = 0
  for (let cy = 0; cy < countY; cy++) {
    for (let cx = 0; cx * countY < countX * (countY - cy); cx++) {
      const strength = frequency(values, width, height, cx, cy)
      if (cx === 0 && cy === 0) dc = strength
      else {
        ac.push(strength)
        scale = Math.max(scale, Math.abs(strength))
      }
    }
  }
  return { dc, scale, ac: scale > 0 ? ac.map((value) => 0.5 + (0.5 / scale) * value) : ac }
}

function frequency(values: Float64Array, width: number, height: number, cx: number, cy: number): number {
  const waveX = Float64Array.from({ length: width }, (_, x) => Math.cos((Math.PI / width) * cx * (x + 0.5)))
  let sum = 0
  for (let y = 0; y < height; y++) {
    const waveY = Math.cos((Math.PI / height) * cy * (y + 0.5))
    for (let x = 0; x < width; x++) sum += (values[y * width + x] ?? 0) * (waveX[x] ?? 0) * waveY
  }
  return sum / (width * height)
}
