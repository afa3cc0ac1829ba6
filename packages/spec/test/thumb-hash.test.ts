import { expect, test } from 'vitest'
import { thumbHash } from '../src/thumb-hash.ts'

function gradient(width: number, height: number, alpha: (x: number) => number) {
  const data = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([x * 4, y * 3, 200 - x * 2, alpha(x)], (y * width + x) * 4)
  }
  return { data, width, height, channels: 4 as const }
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

// Made with the reference implementation, npm's thumbhash 0.1.1.
test.each([
  ['a landscape', 60, 40, () => 255, '5a760665987077778078787788788788708607b778'],
  ['a portrait', 30, 50, () => 255, '99e4053410750787878887787888808327f787'],
  ['a picture with transparency', 40, 40, (x: number) => x * 6, 'da5582150637a487b088887878d09317fd8470778888878887'],
  ['one pixel', 1, 1, () => 255, 'd001228f0108f708888788708f7088f80888707ff8000000'],
  ['nothing to be seen', 20, 10, () => 0, '0008820380000000000000000000000000000000000000'],
])('hashes %s as the reference does', (_, width, height, alpha, expected) => {
  expect(hex(thumbHash(gradient(width, height, alpha)))).toBe(expected)
})
