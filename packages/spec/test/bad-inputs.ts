import { gzipSync } from 'node:zlib'
import { bombs } from './bad-inputs-bombs.ts'
import { ascii, type BadInput, bad, join, jpegWithThumbnail, magics } from './bad-inputs-files.ts'
import { tiffOf } from './bad-inputs-tiff.ts'
import { animation, blue, coordinates, green, red } from './pictures.ts'

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

/** Pictures large enough that a small derivative, or one of their top, needs no more than what is left of them. */
async function truncatedPhotographs(): Promise<BadInput[]> {
  const photograph = () => coordinates(250, 250).resize(1200, 1600, { fit: 'fill' })
  const small = await coordinates(60, 80).jpeg().toBuffer()
  const jpeg = await photograph().jpeg().toBuffer()
  const pictures: Readonly<Record<string, Buffer>> = {
    JPEG: jpeg,
    'JPEG with a thumbnail': jpegWithThumbnail(jpeg, small),
    PNG: await photograph().png().toBuffer(),
    BigTIFF: await photograph().tiff({ compression: 'none', bigtiff: true }).toBuffer(),
    'TIFF with its tags in front': tiffOf(1200, 1600, 3, { pixels: await photograph().raw().toBuffer() }),
  }
  return Object.entries(pictures).flatMap(([name, data]) => [
    ...[0.5, 0.8].map((share) =>
      bad('SOURCE_BROKEN', `a ${name} cut at ${share * 100} %`, data.subarray(0, Math.floor(data.length * share))),
    ),
    bad('SOURCE_BROKEN', `a ${name} without its end`, data.subarray(0, -2)),
  ])
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
    'an SVG that seems to begin with a box': ascii(`<!--ftypavif-->${svg}`),
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
    bad('SOURCE_BROKEN', 'an SVG that begins like a WebP', ascii(`RIFF<!--WEBP<!-- -->${svg}`)),
    bad('SOURCE_BROKEN', 'a PNG that goes on as a JPEG', join(png.subarray(0, 40), jpeg)),
    bad('SOURCE_BROKEN', 'a JPEG that goes on as a PNG', join(jpeg.subarray(0, 100), png)),
  ]
}

/** Makes the whole corpus. */
export async function badInputs(): Promise<BadInput[]> {
  const pictures = await wholePictures()
  return [
    bad('SOURCE_BROKEN', 'no bytes', Buffer.alloc(0)),
    ...truncated(pictures),
    ...(await truncatedPhotographs()),
    ...garbage(),
    ...disguisedSvgs(),
    ...otherFormats(),
    ...(await polyglots(pictures)),
    ...(await bombs(pictures)),
  ]
}
