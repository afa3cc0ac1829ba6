import { broken, type Structure } from './structure.ts'

const startOfScan = 0xda
const endOfImage = Buffer.from([0xff, 0xd9])

/**
 * A JPEG is whole if its end follows on its first scan. Thumbnails, which have ends of their own, come before that; and much
 * may come behind: other pictures, depths, films.
 */
export function jpegStructure(data: Buffer): Structure {
  const scan = firstScan(data)
  return scan === undefined ? broken : { isWhole: data.lastIndexOf(endOfImage) > scan }
}

function firstScan(data: Buffer): number | undefined {
  let at = 2
  while (at + 4 <= data.length && data[at] === 0xff) {
    const marker = data[at + 1] ?? 0
    if (marker === startOfScan) return at
    if (marker === 0xff) at++
    else if (standsAlone(marker)) at += 2
    else at += 2 + data.readUInt16BE(at + 2)
  }
  return undefined
}

function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
}
