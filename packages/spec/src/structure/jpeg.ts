import { broken, type Structure } from './structure.ts'

const scan = 0xda
const startOfScan = Buffer.from([0xff, scan])
const endOfImage = Buffer.from([0xff, 0xd9])

/**
 * A JPEG is whole if its end follows on its first scan. Thumbnails, which have ends of their own, come before that; and much
 * may come behind: other pictures, depths, films. Within a scan, no marker can appear by chance.
 */
export function jpegStructure(data: Buffer): Structure {
  const first = firstScan(data)
  const end = first === undefined ? -1 : data.indexOf(endOfImage, first)
  return end < 0 ? broken : { isWhole: true, scans: countScans(data.subarray(first, end)) }
}

function countScans(data: Buffer): number {
  let scans = 0
  for (let at = 0; at >= 0; at = data.indexOf(startOfScan, at + 2)) scans++
  return scans
}

function firstScan(data: Buffer): number | undefined {
  let at = 2
  while (at + 4 <= data.length && data[at] === 0xff) {
    const marker = data[at + 1] ?? 0
    if (marker === scan) return at
    if (marker === 0xff) at++
    else if (standsAlone(marker)) at += 2
    else at += 2 + data.readUInt16BE(at + 2)
  }
  return undefined
}

function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
}
