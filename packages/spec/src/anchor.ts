import * as v from 'valibot'
import type { Region, Size } from './geometry.ts'

const points = {
  'top-left': [0, 0],
  top: [0.5, 0],
  'top-right': [1, 0],
  left: [0, 0.5],
  center: [0.5, 0.5],
  right: [1, 0.5],
  'bottom-left': [0, 1],
  bottom: [0.5, 1],
  'bottom-right': [1, 1],
} as const satisfies Record<string, readonly [number, number]>

export type AnchorName = keyof typeof points

/** A point of a picture: by name, or as fractions of its width and height (a focal point), such as `[0.3, 0.5]`. */
export type Anchor = AnchorName | readonly [x: number, y: number]

const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1))

export const anchorSchema: v.GenericSchema<Anchor> = v.union(
  [v.picklist(Object.keys(points) as AnchorName[]), v.pipe(v.strictTuple([fraction, fraction]), v.readonly())],
  ({ received }) =>
    `Expected ${Object.keys(points).join(', ')} or two fractions from 0 to 1 such as [0.3, 0.5], but received ${received}`,
)

/** An anchor as fractions of width and height. */
export function pointOfAnchor(anchor: Anchor): readonly [x: number, y: number] {
  return typeof anchor === 'string' ? points[anchor] : anchor
}

/** The region of a size that has the anchor as near to its middle as the picture's edges allow. */
export function regionAround(anchor: Anchor, picture: Size, size: Size): Region {
  const [x, y] = pointOfAnchor(anchor)
  const width = Math.min(size.width, picture.width)
  const height = Math.min(size.height, picture.height)
  return { left: offset(x, picture.width, width), top: offset(y, picture.height, height), width, height }
}

function offset(fractionOfFull: number, full: number, part: number): number {
  return Math.max(0, Math.min(full - part, Math.floor(full * fractionOfFull - part / 2)))
}

/** Where a picture lies on a canvas that may be larger or smaller, by anchor: negative where it is cut off. */
export function placeOnCanvas(anchor: Anchor, picture: Size, canvas: Size): { left: number; top: number } {
  const [x, y] = pointOfAnchor(anchor)
  return { left: place(x, picture.width, canvas.width), top: place(y, picture.height, canvas.height) }
}

function place(fractionOfFull: number, picture: number, canvas: number): number {
  // A larger canvas is filled up in proportion; a smaller one shows what is around the anchor.
  return canvas >= picture
    ? Math.floor((canvas - picture) * fractionOfFull)
    : -offset(fractionOfFull, picture, canvas) || 0
}
