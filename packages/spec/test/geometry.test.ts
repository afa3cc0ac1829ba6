import fc from 'fast-check'
import { expect, test } from 'vitest'
import { composeTurns, inverseTurn, type Turn, turnOfExif, turnRegion, turnSize, upright } from '../src/geometry.ts'

const turns = fc.record({ mirrored: fc.boolean(), quarters: fc.integer({ min: 0, max: 3 }) })
const sizes = fc.record({ width: fc.integer({ min: 1, max: 50 }), height: fc.integer({ min: 1, max: 50 }) })

const regionsInside = sizes.chain((size) =>
  fc
    .record({ left: fc.integer({ min: 0, max: size.width - 1 }), top: fc.integer({ min: 0, max: size.height - 1 }) })
    .chain(({ left, top }) =>
      fc.record({
        size: fc.constant(size),
        region: fc.record({
          left: fc.constant(left),
          top: fc.constant(top),
          width: fc.integer({ min: 1, max: size.width - left }),
          height: fc.integer({ min: 1, max: size.height - top }),
        }),
      }),
    ),
)

test('a turn and its inverse cancel each other', () => {
  fc.assert(
    fc.property(turns, (turn) => {
      expect(composeTurns(turn, inverseTurn(turn))).toEqual(upright)
    }),
  )
})

test('two turns move a region as their composition does', () => {
  fc.assert(
    fc.property(regionsInside, turns, turns, ({ size, region }, first, second) => {
      const onceMore = turnRegion(turnRegion(region, first, size), second, turnSize(size, first))
      expect(turnRegion(region, composeTurns(first, second), size)).toEqual(onceMore)
    }),
  )
})

test.each<[number, Turn]>([
  [1, { mirrored: false, quarters: 0 }],
  [6, { mirrored: false, quarters: 1 }],
  [0, { mirrored: false, quarters: 0 }],
  [9, { mirrored: false, quarters: 0 }],
])('takes EXIF orientation %i', (orientation, turn) => {
  expect(turnOfExif(orientation)).toEqual(turn)
})
