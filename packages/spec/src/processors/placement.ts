import * as v from 'valibot'
import { type Anchor, anchorSchema } from '../anchor.ts'
import type { PlainObject } from '../options.ts'

/** Where something lies: around an anchor, or at `x` and `y`. */
export interface Placement {
  readonly anchor: Anchor
  readonly x?: number | undefined
  readonly y?: number | undefined
}

export const placementAnchor = v.optional(
  v.pipe(anchorSchema, v.description('The point that it lies around')),
  'center',
)

/** Where only one of `x` and `y` is given, the other one is 0. */
export function completePlacement(options: PlainObject): PlainObject {
  const { x, y } = options
  return x === undefined && y === undefined ? options : { ...options, x: x ?? 0, y: y ?? 0 }
}

/** The point that `x` and `y` name, if they do. */
export function pointOf({ x, y }: Placement): { readonly left: number; readonly top: number } | undefined {
  return x === undefined || y === undefined ? undefined : { left: x, top: y }
}

/** Whether there is no anchor beside a point. */
export function isOnePlace(placement: Placement): boolean {
  return placement.anchor === 'center' || pointOf(placement) === undefined
}

export const onePlace = 'Expected an anchor, or x and y, but not both'
