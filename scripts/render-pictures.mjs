/**
 * Renders the example pictures: landscapes of ridges in haze, with grain, so that they compress like photographs and
 * anyone may use them. Usage: node scripts/render-pictures.mjs FOLDER
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { randomFrom } from './random-from.mjs'

const width = 1600
const height = 1067

const scenes = [
  { name: 'dawn', seed: 7, sky: ['#24365e', '#f2a65a'], near: '#141a2b', sun: [0.68, 0.55], ridges: 7 },
  { name: 'fjord', seed: 21, sky: ['#7fa6c9', '#e8eef2'], near: '#16302f', sun: [0.3, 0.32], ridges: 6 },
  { name: 'dunes', seed: 43, sky: ['#4f86b8', '#f4dfb8'], near: '#7a3d16', sun: [0.82, 0.3], ridges: 5 },
  { name: 'dusk', seed: 84, sky: ['#1b1340', '#d2557a'], near: '#0b0a18', sun: [0.42, 0.6], ridges: 8 },
]

/** Heights along a line: octaves of interpolated noise, each half as high and twice as dense as the one before. */
function ridge(random, cells) {
  const line = new Float64Array(width)
  for (let octave = 0, amplitude = 1; octave < 8; octave++, amplitude /= 2) {
    const count = cells * 2 ** octave
    const points = Array.from({ length: count + 2 }, random)
    for (let x = 0; x < width; x++) {
      const at = (x / width) * count
      const part = at - Math.floor(at)
      const smooth = part * part * (3 - 2 * part)
      line[x] += amplitude * (points[Math.floor(at)] * (1 - smooth) + points[Math.floor(at) + 1] * smooth - 0.5)
    }
  }
  return line
}

const channels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
const mix = (a, b, part) => a.map((value, channel) => value + (b[channel] - value) * part)

function render({ seed, sky, near, sun, ridges }) {
  const random = randomFrom(seed)
  const [top, horizon] = sky.map(channels)
  const lines = Array.from({ length: ridges }, (_, index) => {
    const depth = (index + 1) / ridges
    const line = ridge(random, 2 + index)
    return { depth, edge: line.map((value) => height * (0.42 + 0.5 * depth ** 1.4 + value * 0.2 * (0.4 + depth))) }
  })
  const pixels = Buffer.allocUnsafe(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const distance = Math.hypot((x - sun[0] * width) / height, y / height - sun[1])
      const glow = Math.exp(-distance * 5) * 0.6 + (distance < 0.045 ? 0.5 : 0)
      let color = mix(mix(top, horizon, Math.min(1, (y / height) * 1.7)), [255, 244, 220], Math.min(1, glow))
      for (const { depth, edge } of lines) {
        if (y < edge[x]) continue
        const mist = Math.min(0.4, ((y - edge[x]) / height) * 1.2) * (1 - depth)
        color = mix(mix(horizon, channels(near), 0.25 + 0.7 * depth), horizon, mist)
      }
      const grain = (random() - 0.5) * 14
      for (let channel = 0; channel < 3; channel++) {
        pixels[(y * width + x) * 3 + channel] = Math.max(0, Math.min(255, color[channel] + grain))
      }
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } }).blur(0.6)
}

const folder = process.argv[2]
mkdirSync(folder, { recursive: true })
for (const scene of scenes)
  await render(scene)
    .jpeg({ quality: 82 })
    .toFile(join(folder, `${scene.name}.jpg`))
