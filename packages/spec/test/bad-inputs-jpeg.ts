import { coordinates } from './pictures.ts'

const segment = (marker: number, ...content: number[]) => Buffer.from([0xff, marker, 0, content.length + 2, ...content])

/**
 * A grey progressive JPEG that goes over all of its pixels again for each bit of each coefficient, as it may, and each time
 * only says that there is nothing.
 */
export async function jpegOfScans(width: number, height: number, coefficients: number): Promise<Buffer> {
  const small = await coordinates(8, 8).toColourspace('b-w').jpeg({ progressive: true }).toBuffer()
  const table = small.indexOf(Buffer.from([0xff, 0xdb]))
  const quantization = small.subarray(table, table + 2 + small.readUInt16BE(table + 2))
  const size = [height >> 8, height & 255, width >> 8, width & 255]
  const frame = segment(0xc2, 8, ...size, 1, 1, 0x11, 0)
  // One code for each table: no difference to the block before; and a run of 2 ** 14 blocks and more that end here.
  const codes = [1, ...Array<number>(15).fill(0)]
  const huffman = segment(0xc4, 0x00, ...codes, 0x00, 0x10, ...codes, 0xe0)
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8)
  const differences = Buffer.alloc(Math.ceil(blocks / 8))
  const ends = Buffer.alloc(Math.ceil((Math.ceil(blocks / 2 ** 14) * 15) / 8))
  const scan = (coefficient: number, bits: number) => segment(0xda, 1, 1, 0, coefficient, coefficient, bits)
  const parts = [Buffer.from([0xff, 0xd8]), quantization, frame, huffman, scan(0, 0), differences]
  for (let coefficient = 1; coefficient <= coefficients; coefficient++) {
    parts.push(scan(coefficient, 13), ends)
    for (let bit = 12; bit >= 0; bit--) parts.push(scan(coefficient, ((bit + 1) << 4) | bit), ends)
  }
  return Buffer.concat([...parts, Buffer.from([0xff, 0xd9])])
}
