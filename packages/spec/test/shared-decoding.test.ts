import { imageSpec, resizeToFit, type SpecContent } from '@latent-image/spec'
import { afterEach, expect, test, vi } from 'vitest'
import { resolveContent } from '../src/check-content.ts'
import { develop } from '../src/develop.ts'
import type { Format } from '../src/formats.ts'
import type { Raster } from '../src/material.ts'
import { type Seat, SharedDecoding } from '../src/shared-decoding.ts'
import { quarters } from './pictures.ts'

const data = await quarters(400, 300).jpeg().toBuffer()
const otherData = await quarters(400, 300).jpeg({ quality: 70 }).toBuffer()
const raster = {} as Raster

afterEach(() => {
  vi.useRealTimers()
})

function counted() {
  let count = 0
  const make = async () => {
    count++
    return raster
  }
  return { make, count: () => count }
}

/** Takes a place and says what is needed there. */
async function settled(sharing: SharedDecoding, pass: string, whole?: string, bytes: Uint8Array = data) {
  const seat = sharing.enter(bytes)
  return { seat, shared: await seat.settle({ pass, whole }) }
}

test('who is alone shares nothing', async () => {
  const { shared } = await settled(new SharedDecoding(), 'pass', 'whole')
  expect(shared).toEqual({ pass: false, whole: false })
})

test('those who begin with the same pass share its pixels, and need not those of the whole picture', async () => {
  const sharing = new SharedDecoding()
  const seats = await Promise.all([settled(sharing, 'pass', 'whole'), settled(sharing, 'pass', 'whole')])
  expect(seats.map(({ shared }) => shared)).toEqual([
    { pass: true, whole: false },
    { pass: true, whole: false },
  ])
  const { make, count } = counted()
  for (const { seat } of seats) expect(await seat.pixels('pass', make)).toBe(raster)
  expect(count()).toBe(1)
})

test('those who begin with different passes share the pixels of the whole picture, where these serve them', async () => {
  const sharing = new SharedDecoding()
  const seats = [settled(sharing, 'a', 'whole'), settled(sharing, 'b', 'whole'), settled(sharing, 'c')]
  const all = await Promise.all(seats)
  expect(all.map(({ shared }) => shared)).toEqual([
    { pass: false, whole: true },
    { pass: false, whole: true },
    { pass: false, whole: false },
  ])
})

test('other bytes are not shared', async () => {
  const sharing = new SharedDecoding()
  await settled(sharing, 'pass', 'whole')
  const { shared } = await settled(sharing, 'pass', 'whole', otherData)
  expect(shared).toEqual({ pass: false, whole: false })
})

test('equal bytes are shared, whoever holds them', async () => {
  const sharing = new SharedDecoding()
  await settled(sharing, 'pass')
  expect((await settled(sharing, 'pass', undefined, Buffer.from(data))).shared.pass).toBe(true)
})

test('who comes a moment after the others have left gets their pixels', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const sharing = new SharedDecoding()
  const { make, count } = counted()
  const { seat } = await settled(sharing, 'pass')
  await seat.pixels('pass', make)
  seat.leave()
  const next = await settled(sharing, 'pass')
  expect(next.shared.pass).toBe(true)
  vi.runAllTimers()
  expect(await next.seat.pixels('pass', make)).toBe(raster)
  expect(count()).toBe(1)
})

test('pixels that nobody needs any more are not kept', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const sharing = new SharedDecoding()
  const { make, count } = counted()
  const [first, second] = [await settled(sharing, 'a'), await settled(sharing, 'b')]
  await first.seat.pixels('a', make)
  first.seat.leave()
  vi.runAllTimers()
  expect((await second.seat.settle({ pass: 'a' })).pass).toBe(false)
  await second.seat.pixels('a', make)
  expect(count()).toBe(2)
  second.seat.leave()
  vi.runAllTimers()
  expect(sharing.isIdle).toBe(true)
})

test('pixels are kept for those who have not said yet what they need', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const sharing = new SharedDecoding()
  const { make, count } = counted()
  const first = await settled(sharing, 'pass')
  const undecided = sharing.enter(data)
  await first.seat.pixels('pass', make)
  first.seat.leave()
  vi.runAllTimers()
  expect((await undecided.settle({ pass: 'pass' })).pass).toBe(true)
  await undecided.pixels('pass', make)
  expect(count()).toBe(1)
})

test('a decoding that failed is tried again by the next', async () => {
  const { seat } = await settled(new SharedDecoding(), 'pass')
  const torn = () => Promise.reject(new Error('torn'))
  await expect(seat.pixels('pass', torn)).rejects.toThrow('torn')
  const { make, count } = counted()
  await seat.pixels('pass', make)
  expect(count()).toBe(1)
})

/** Makes derivatives of one source at once; resolves to their sizes, and how often pixels were made of it. */
async function together(contents: readonly SpecContent[], source: Uint8Array) {
  let decodings = 0
  class Counting extends SharedDecoding {
    override enter(bytes: Uint8Array): Seat {
      const seat = super.enter(bytes)
      const pixels: Seat['pixels'] = (key, make) =>
        seat.pixels(key, () => {
          decodings++
          return make()
        })
      return { ...seat, pixels }
    }
  }
  const sharedDecoding = new Counting()
  const developed = contents.map((content) => {
    const spec = resolveContent(content)
    return develop({ data: Buffer.from(source), source: 'a', spec, format: spec.format ?? 'jpeg', sharedDecoding })
  })
  const images = await Promise.all(developed)
  await vi.waitFor(() => expect(sharedDecoding.isIdle).toBe(true))
  return { widths: images.map(({ facts }) => facts.width), decodings }
}

test('specs that begin alike decode a source once', async () => {
  const widths = [40, 200, 120]
  const contents = widths.map((width) => ({
    processors: [resizeToFit(200), resizeToFit(width)],
    format: 'webp' as const,
  }))
  expect(await together(contents, data)).toEqual({ widths, decodings: 1 })
})

test('one size in several formats decodes a source once', async () => {
  const formats: readonly Format[] = ['jpeg', 'webp', 'avif']
  const contents = formats.map((format) => ({ processors: [resizeToFit(100)], format }) as SpecContent)
  expect(await together(contents, data)).toEqual({ widths: [100, 100, 100], decodings: 1 })
})

test('several sizes of a picture that cannot be decoded small decode it once', async () => {
  const widths = [40, 200, 120]
  const contents = widths.map((width) => ({ processors: [resizeToFit(width)], format: 'webp' as const }))
  expect(await together(contents, await quarters(400, 300).png().toBuffer())).toEqual({ widths, decodings: 1 })
})

test('a spec that is alone makes no pixels that it does not need', async () => {
  expect(await together([{ processors: [resizeToFit(100)] }], data)).toEqual({ widths: [100], decodings: 0 })
})

test('a broken source fails each of those who share it', async () => {
  const broken = data.subarray(0, data.length >> 1)
  const specs = [40, 200, 120].map((width) => imageSpec({ processors: [resizeToFit(200), resizeToFit(width)] }))
  const results = await Promise.allSettled(specs.map((spec) => spec.generate(broken)))
  expect(results).toEqual(
    specs.map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'SOURCE_BROKEN' }) })),
  )
})
