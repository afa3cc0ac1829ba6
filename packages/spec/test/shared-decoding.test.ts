import { imageSpec, resizeToFit, roundCorners } from '@latent-image/spec'
import { expect, test } from 'vitest'
import { resolveContent } from '../src/check-content.ts'
import { develop } from '../src/develop.ts'
import type { Raster } from '../src/material.ts'
import { type Seat, SharedDecoding } from '../src/shared-decoding.ts'
import { quarters } from './pictures.ts'

const data = await quarters(400, 300).jpeg().toBuffer()
const otherData = await quarters(400, 300).jpeg({ quality: 70 }).toBuffer()
const raster = {} as Raster

function counted() {
  let count = 0
  const decode = async () => {
    count++
    return raster
  }
  return { decode, count: () => count }
}

test('who comes while the pixels are in use gets them', async () => {
  const sharing = new SharedDecoding()
  const { decode, count } = counted()
  const first = sharing.enter(data)
  await first.join('key', decode)
  const second = sharing.enter(Buffer.from(data))
  first.leave()
  expect(second.isWanted('key')).toBe(true)
  const third = sharing.enter(data)
  expect(await Promise.all([second.join('key', decode), third.join('key', decode)])).toEqual([raster, raster])
  expect(count()).toBe(1)
})

test('pixels that nobody uses or may want are not kept', async () => {
  const sharing = new SharedDecoding()
  const { decode, count } = counted()
  const [first, second] = [sharing.enter(data), sharing.enter(data)]
  await first.join('key', decode)
  await second.join('other key', decode)
  first.leave()
  expect(second.isWanted('key')).toBe(false)
  second.leave()
  expect(sharing.isIdle).toBe(true)
  await sharing.enter(data).join('key', decode)
  expect(count()).toBe(3)
})

test('other bytes or another pass are not shared', async () => {
  const sharing = new SharedDecoding()
  const { decode, count } = counted()
  await sharing.enter(data).join('key', decode)
  await sharing.enter(otherData).join('key', decode)
  await sharing.enter(data).join('other key', decode)
  expect(count()).toBe(3)
})

test('a decoding that failed is tried again by the next', async () => {
  const sharing = new SharedDecoding()
  const torn = () => Promise.reject(new Error('torn'))
  await expect(sharing.enter(data).join('key', torn)).rejects.toThrow('torn')
  const { decode, count } = counted()
  await sharing.enter(data).join('key', decode)
  expect(count()).toBe(1)
})

const widths = [40, 200, 120]
const specs = widths.map((width) => ({ processors: [resizeToFit(200), resizeToFit(width)], format: 'webp' as const }))

test('specs that begin alike decode a source once', async () => {
  let decodings = 0
  class Counting extends SharedDecoding {
    override enter(bytes: Uint8Array): Seat {
      const seat = super.enter(bytes)
      const join: Seat['join'] = (key, decode) =>
        seat.join(key, () => {
          decodings++
          return decode()
        })
      return { ...seat, join }
    }
  }
  const sharedDecoding = new Counting()
  const orders = specs.map((spec) =>
    develop({ data: Buffer.from(data), source: 'a.jpg', spec: resolveContent(spec), format: 'webp', sharedDecoding }),
  )
  const images = await Promise.all(orders)
  expect(images.map(({ facts }) => facts.width)).toEqual(widths)
  expect(decodings).toBe(1)
  expect(sharedDecoding.isIdle).toBe(true)
})

test('bytes do not depend on what is made beside them', async () => {
  const all = [...specs, { processors: [roundCorners(10)], format: 'png' as const }, { format: 'gif' as const }]
  const together = await Promise.all(all.map((spec) => imageSpec(spec).generate(Buffer.from(data))))
  for (const [index, spec] of all.entries()) {
    const alone = await imageSpec(spec).generate(data)
    expect(Buffer.compare(alone.data, together[index]?.data ?? Buffer.alloc(0))).toBe(0)
  }
})

test('a broken source fails each of those who share it', async () => {
  const broken = data.subarray(0, data.length >> 1)
  const results = await Promise.allSettled(specs.map((spec) => imageSpec(spec).generate(broken)))
  expect(results).toEqual(
    specs.map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'SOURCE_BROKEN' }) })),
  )
})
