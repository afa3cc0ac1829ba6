import { deflateSync, gzipSync } from 'node:zlib'
import { animation, blue, coordinates, green, plain, red } from './pictures.ts'

/** Bytes that must not become a derivative, and what they are refused with. */
export interface BadInput {
  readonly name: string
  readonly data: Uint8Array
  readonly code: 'SOURCE_BROKEN' | 'SOURCE_UNSUPPORTED' | 'SOURCE_TOO_LARGE'
}

const bad = (code: BadInput['code'], name: string, data: Uint8Array): BadInput => ({ name, data, code })
const ascii = (text: string) => Buffer.from(text, 'latin1')
const join = (...parts: (Uint8Array | string)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? ascii(part) : part)))

/** Whole pictures with enough content that every part of them matters. */
async function wholePictures(): Promise<Readonly<Record<string, Buffer>>> {
  const picture = () => coordinates(200, 150)
  return {
    jpeg: await picture().jpeg().toBuffer(),
    'progressive jpeg': await picture().jpeg({ progressive: true }).toBuffer(),
    png: await picture().png().toBuffer(),
    'interlaced png': await picture().png({ progressive: true }).toBuffer(),
    webp: await picture().webp().toBuffer(),
    'lossless webp': await picture().webp({ lossless: true }).toBuffer(),
    avif: await picture().avif({ effort: 0 }).toBuffer(),
    gif: await picture().gif({ effort: 1 }).toBuffer(),
    tiff: await picture().tiff({ compression: 'lzw' }).toBuffer(),
    'animated gif': await animation(100, 80, [red, green, blue]),
    'animated webp': await animation(100, 80, [red, green, blue], 'webp'),
  }
}

function truncated(pictures: Readonly<Record<string, Buffer>>): BadInput[] {
  return Object.entries(pictures).flatMap(([name, data]) => [
    ...[1, 2].map((length) => bad('SOURCE_UNSUPPORTED', `${name} of ${length} bytes`, data.subarray(0, length))),
    ...[0.1, 0.25, 0.5, 0.75, 0.9].map((share) =>
      bad(
        'SOURCE_BROKEN',
        `${name} cut at ${share * 100} %`,
        data.subarray(0, Math.max(12, Math.floor(data.length * share))),
      ),
    ),
  ])
}

const magics: Readonly<Record<string, Buffer>> = {
  jpeg: Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  png: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  webp: join('RIFF', Buffer.from([0xff, 0, 0, 0]), 'WEBPVP8 '),
  gif: ascii('GIF89a'),
  tiff: ascii('II*\0'),
  avif: join(Buffer.from([0, 0, 0, 0x1c]), 'ftypavif\0\0\0\0mif1avif'),
}

function garbage(): BadInput[] {
  const noise = Buffer.from(Array.from({ length: 2000 }, (_, index) => (index * 7919 + (index >> 3) * 31) & 255))
  return Object.entries(magics).flatMap(([name, magic]) => [
    bad('SOURCE_BROKEN', `the first bytes of a ${name}`, magic),
    bad('SOURCE_BROKEN', `the first bytes of a ${name}, then noise`, join(magic, noise)),
    bad('SOURCE_BROKEN', `the first bytes of a ${name}, then zeros`, join(magic, Buffer.alloc(2000))),
    bad('SOURCE_BROKEN', `the first bytes of a ${name}, then an SVG`, join(magic, svg)),
  ])
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'

function disguisedSvgs(): BadInput[] {
  const utf16 = Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${svg}`, 'utf16le')
  const bomb = `<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"><filter id="f"><feTurbulence/></filter><rect width="100%" height="100%" filter="url(#f)"/></svg>`
  const inputs: Readonly<Record<string, Uint8Array>> = {
    'a plain SVG': ascii(svg),
    'an SVG with a declaration': ascii(`<?xml version="1.0"?>\n${svg}`),
    'an SVG after spaces': ascii(`\n\n   ${svg}`),
    'an SVG after a byte order mark': Buffer.from(`\ufeff${svg}`),
    'an SVG after a comment': ascii(`<!-- ${'x'.repeat(300)} -->${svg}`),
    'an SVG with a namespace': ascii(svg.replaceAll('svg', 's:svg').replace('xmlns', 'xmlns:s')),
    'an SVG in UTF-16': utf16,
    'a compressed SVG': gzipSync(svg),
    'an SVG with an entity': ascii(`<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg}`),
    'an SVG that takes minutes': ascii(bomb),
    'an SVG in HTML': ascii(`<html><body>${svg}</body></html>`),
  }
  return Object.entries(inputs).map(([name, data]) => bad('SOURCE_UNSUPPORTED', name, data))
}

function otherFormats(): BadInput[] {
  const inputs: Readonly<Record<string, Uint8Array>> = {
    zeros: Buffer.alloc(1000),
    text: ascii('This is not a picture, it only has a name like one.'),
    'a script': ascii('#!/bin/sh\nrm -rf /\n'),
    'a PDF': ascii('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n'),
    PostScript: ascii('%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n'),
    'a BMP': join('BM', Buffer.alloc(60)),
    'an icon': Buffer.from([0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0]),
    'a PSD': join('8BPS', Buffer.alloc(60)),
    'a HEIC': join(Buffer.from([0, 0, 0, 0x18]), 'ftypheic\0\0\0\0mif1heic', Buffer.alloc(100)),
    'a video': join(Buffer.from([0, 0, 0, 0x18]), 'ftypisom\0\0\0\0isomavc1', Buffer.alloc(100)),
    'a brand that only contains the letters': join(
      Buffer.from([0, 0, 0, 0x18]),
      'ftypmif1\0\0\0\0xxavifxx',
      Buffer.alloc(50),
    ),
    'a JPEG XL': Buffer.from([0xff, 0x0a, 0, 0, 0, 0]),
    'a JPEG 2000': join(Buffer.from([0, 0, 0, 12]), 'jP  \r\n\x87\n', Buffer.alloc(50)),
    'a PPM': ascii('P6 2 2 255\nxxxxxxxxxxxx'),
    'a Radiance picture': ascii('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 1\nxxxx'),
    'a FITS': ascii('SIMPLE  =                    T'),
    'a vips file': Buffer.from([0xb6, 0xa6, 0xf2, 0x08, ...Buffer.alloc(80)]),
    'a ZIP': join('PK\x03\x04', Buffer.alloc(60)),
    'a program': join('\x7fELF', Buffer.alloc(60)),
    'a sound': join('RIFF', Buffer.from([36, 0, 0, 0]), 'WAVEfmt '),
    'a MATLAB file': ascii('MATLAB 5.0 MAT-file'),
  }
  return Object.entries(inputs).map(([name, data]) => bad('SOURCE_UNSUPPORTED', name, data))
}

async function polyglots(pictures: Readonly<Record<string, Buffer>>): Promise<BadInput[]> {
  const { jpeg = Buffer.alloc(0), png = Buffer.alloc(0), gif = Buffer.alloc(0) } = pictures
  return [
    bad('SOURCE_UNSUPPORTED', 'a PDF with a JPEG in it', join('%PDF-1.4\n', jpeg)),
    bad('SOURCE_UNSUPPORTED', 'a PNG after a line break', join('\n', png)),
    bad('SOURCE_UNSUPPORTED', 'a GIF after a comment', join('/*', gif)),
    bad('SOURCE_UNSUPPORTED', 'a picture in HTML', join('<html><!--', jpeg, '-->')),
    bad('SOURCE_BROKEN', 'a script that begins like a GIF', ascii('GIF89a/*\x00\x00\x00*/=1;alert(1)//')),
    bad('SOURCE_BROKEN', 'a PNG that goes on as a JPEG', join(png.subarray(0, 40), jpeg)),
    bad('SOURCE_BROKEN', 'a JPEG that goes on as a PNG', join(jpeg.subarray(0, 100), png)),
  ]
}

function crc32(data: Uint8Array): number {
  let crc = -1
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = join(type, data)
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  crc.writeUInt32BE(crc32(body))
  return join(length, body, crc)
}

/** A PNG whose header promises a size; what follows may be a lot of nothing in few bytes. */
function pngOf(width: number, height: number, { depth = 8, type = 2, interlaced = 0, bytes = 1000 } = {}): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, type, 0, 0, interlaced], 8)
  const data = deflateSync(Buffer.alloc(bytes))
  return join(magics.png ?? '', pngChunk('IHDR', header), pngChunk('IDAT', data), pngChunk('IEND', Buffer.alloc(0)))
}

function gifOf(width: number, height: number, frames: number): Buffer {
  const screen = Buffer.alloc(7)
  screen.writeUInt16LE(width, 0)
  screen.writeUInt16LE(height, 2)
  screen[4] = 0x80
  const frame = Buffer.alloc(10)
  frame[0] = 0x2c
  frame.writeUInt16LE(width, 5)
  frame.writeUInt16LE(height, 7)
  const control = Buffer.from([0x21, 0xf9, 4, 0, 1, 0, 0, 0])
  const one = join(control, frame, Buffer.from([2, 2, 0x44, 1, 0]))
  return join('GIF89a', screen, Buffer.alloc(6), ...Array.from({ length: frames }, () => one), ';')
}

/** A JPEG whose header says another size. */
function jpegOf(jpeg: Buffer, width: number, height: number): Buffer {
  const data = Buffer.from(jpeg)
  const frame = data.findIndex((byte, index) => byte === 0xff && (data[index + 1] === 0xc0 || data[index + 1] === 0xc2))
  data.writeUInt16BE(height, frame + 5)
  data.writeUInt16BE(width, frame + 7)
  return data
}

/** A TIFF with one strip that holds nearly nothing. */
function tiffOf(width: number, height: number, channels: number): Buffer {
  const entries = [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, 1, 8],
    [259, 3, 1, 1],
    [262, 3, 1, channels < 3 ? 1 : 2],
    [273, 4, 1, 200],
    [277, 3, 1, channels],
    [278, 4, 1, height],
    [279, 4, 1, 100],
  ]
  const data = Buffer.alloc(300)
  data.write('II*\0', 'latin1')
  data.writeUInt32LE(8, 4)
  data.writeUInt16LE(entries.length, 8)
  for (const [index, [tag = 0, type = 0, count = 0, value = 0]] of entries.entries()) {
    const at = 10 + index * 12
    data.writeUInt16LE(tag, at)
    data.writeUInt16LE(type, at + 2)
    data.writeUInt32LE(count, at + 4)
    data.writeUInt32LE(value, at + 8)
  }
  return data
}

/** An AVIF whose `ispe` box says another size. */
function avifOf(avif: Buffer, width: number, height: number): Buffer {
  const data = Buffer.from(avif)
  for (let at = data.indexOf('ispe'); at >= 0; at = data.indexOf('ispe', at + 1)) {
    data.writeUInt32BE(width, at + 8)
    data.writeUInt32BE(height, at + 12)
  }
  return data
}

async function bombs(pictures: Readonly<Record<string, Buffer>>): Promise<BadInput[]> {
  const { jpeg = Buffer.alloc(0), avif = Buffer.alloc(0) } = pictures
  const colors = Array.from({ length: 501 }, (_, index) => (index % 2 ? red : blue))
  const webp = await animation(2, 2, colors, 'webp')
  const large = await plain(7100, 7100).webp({ effort: 0 }).toBuffer()
  return [
    bad('SOURCE_TOO_LARGE', 'a PNG of 100,000 × 100,000', pngOf(100_000, 100_000)),
    bad('SOURCE_TOO_LARGE', 'a PNG of 7,100 × 7,100', pngOf(7100, 7100)),
    bad('SOURCE_TOO_LARGE', 'a PNG of one long line', pngOf(60_000_000, 1)),
    bad('SOURCE_TOO_LARGE', 'an interlaced PNG with 16 bits', pngOf(8000, 8000, { depth: 16, type: 6, interlaced: 1 })),
    bad('SOURCE_BROKEN', 'a PNG with fewer lines than it says', pngOf(2000, 2000)),
    bad('SOURCE_BROKEN', 'a PNG with more to unpack than it says', pngOf(10, 10, { bytes: 3, depth: 16 })),
    bad('SOURCE_BROKEN', 'a PNG of nothing', pngOf(0, 0)),
    bad('SOURCE_BROKEN', 'a PNG of a wrong depth', pngOf(10, 10, { depth: 7 })),
    bad('SOURCE_TOO_LARGE', 'a JPEG of 65,500 × 65,500', jpegOf(jpeg, 65_500, 65_500)),
    bad('SOURCE_TOO_LARGE', 'a JPEG of 10,000 × 5,001', jpegOf(jpeg, 10_000, 5001)),
    bad('SOURCE_BROKEN', 'a JPEG with fewer lines than it says', jpegOf(jpeg, 3000, 3000)),
    bad('SOURCE_BROKEN', 'a JPEG of no width', jpegOf(jpeg, 0, 100)),
    bad('SOURCE_TOO_LARGE', 'a GIF of 65,535 × 65,535', gifOf(65_535, 65_535, 1)),
    bad('SOURCE_TOO_LARGE', 'a GIF of 2,000 frames', gifOf(1, 1, 2000)),
    bad('SOURCE_TOO_LARGE', 'a GIF of 60 frames of a megapixel', gifOf(1000, 1000, 60)),
    bad('SOURCE_TOO_LARGE', 'an animated WebP of 501 frames', webp),
    bad('SOURCE_TOO_LARGE', 'a WebP of 7,100 × 7,100', large),
    bad('SOURCE_TOO_LARGE', 'a TIFF of 60,000 × 60,000', tiffOf(60_000, 60_000, 3)),
    bad('SOURCE_TOO_LARGE', 'a TIFF of many channels', tiffOf(4, 4, 6)),
    bad('SOURCE_BROKEN', 'a TIFF with less in it than it says', tiffOf(1000, 1000, 3)),
    bad('SOURCE_TOO_LARGE', 'an AVIF of 5,000 × 5,000', avifOf(avif, 5000, 5000)),
    bad('SOURCE_TOO_LARGE', 'an AVIF of 16,000 × 16,000', avifOf(avif, 16_000, 16_000)),
    bad('SOURCE_TOO_LARGE', 'a JPEG of 65 MiB', join(jpeg, Buffer.alloc(65 * 1024 * 1024))),
  ]
}

/** Makes the whole corpus. */
export async function badInputs(): Promise<BadInput[]> {
  const pictures = await wholePictures()
  return [
    bad('SOURCE_BROKEN', 'no bytes', Buffer.alloc(0)),
    ...truncated(pictures),
    ...garbage(),
    ...disguisedSvgs(),
    ...otherFormats(),
    ...(await polyglots(pictures)),
    ...(await bombs(pictures)),
  ]
}
