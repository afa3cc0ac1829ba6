/** A point in CIE XYZ under D50. */
type Xyz = readonly [number, number, number]

/** A minimal ICC profile (version 2, matrix and gamma), as the specification lays it out. */
export function matrixProfile(red: Xyz, green: Xyz, blue: Xyz, gamma: number): Buffer {
  const tags: readonly (readonly [string, Buffer])[] = [
    ['desc', description('test')],
    ['cprt', Buffer.concat([Buffer.from('text\0\0\0\0free\0', 'latin1')])],
    ['wtpt', xyz([0.9642, 1, 0.8249])],
    ['rXYZ', xyz(red)],
    ['gXYZ', xyz(green)],
    ['bXYZ', xyz(blue)],
    ['rTRC', curve(gamma)],
    ['gTRC', curve(gamma)],
    ['bTRC', curve(gamma)],
  ]
  const table = Buffer.alloc(4 + tags.length * 12)
  table.writeUInt32BE(tags.length, 0)
  const bodies: Buffer[] = []
  let offset = 128 + table.length
  for (const [index, [name, body]] of tags.entries()) {
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)])
    table.write(name, 4 + index * 12, 'latin1')
    table.writeUInt32BE(offset, 8 + index * 12)
    table.writeUInt32BE(body.length, 12 + index * 12)
    bodies.push(padded)
    offset += padded.length
  }
  return Buffer.concat([header(offset), table, ...bodies])
}

function header(size: number): Buffer {
  const data = Buffer.alloc(128)
  data.writeUInt32BE(size, 0)
  data.writeUInt32BE(0x02100000, 8)
  data.write('mntrRGB XYZ ', 12, 'latin1')
  data.writeUInt16BE(2026, 24)
  data.writeUInt16BE(1, 26)
  data.writeUInt16BE(1, 28)
  data.write('acsp', 36, 'latin1')
  fixed([0.9642, 1, 0.8249]).copy(data, 68)
  return data
}

function fixed(values: readonly number[]): Buffer {
  const data = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) data.writeInt32BE(Math.round(value * 65_536), index * 4)
  return data
}

function xyz(point: Xyz): Buffer {
  return Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), fixed(point)])
}

function curve(gamma: number): Buffer {
  const data = Buffer.alloc(14)
  data.write('curv', 0, 'latin1')
  data.writeUInt32BE(1, 8)
  data.writeUInt16BE(Math.round(gamma * 256), 12)
  return data
}

function description(text: string): Buffer {
  const data = Buffer.alloc(90 + text.length + 1)
  data.write('desc', 0, 'latin1')
  data.writeUInt32BE(text.length + 1, 8)
  data.write(text, 12, 'latin1')
  return data
}
