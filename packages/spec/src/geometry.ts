/** Width and height in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** A rectangle inside a picture, in pixels. */
export interface Region extends Size {
  readonly left: number
  readonly top: number
}

/** One of the eight ways to lay a picture down: mirrored left to right or not, then turned clockwise by quarters. */
export interface Turn {
  readonly mirrored: boolean
  readonly quarters: number
}

export const upright: Turn = { mirrored: false, quarters: 0 }

const turnsOfExif: readonly Turn[] = [
  upright,
  { mirrored: true, quarters: 0 },
  { mirrored: false, quarters: 2 },
  { mirrored: true, quarters: 2 },
  { mirrored: true, quarters: 3 },
  { mirrored: false, quarters: 1 },
  { mirrored: true, quarters: 1 },
  { mirrored: false, quarters: 3 },
]

/** What brings a picture with an EXIF orientation (1 to 8) upright; anything else is taken as upright. */
export function turnOfExif(orientation = 1): Turn {
  return turnsOfExif[orientation - 1] ?? upright
}

/** One turn after another. */
export function composeTurns(first: Turn, second: Turn): Turn {
  // Mirroring after a rotation is mirroring before the opposite rotation.
  const quarters = second.quarters + (second.mirrored ? -first.quarters : first.quarters)
  return { mirrored: first.mirrored !== second.mirrored, quarters: ((quarters % 4) + 4) % 4 }
}

export function inverseTurn({ mirrored, quarters }: Turn): Turn {
  return { mirrored, quarters: mirrored ? quarters : (4 - quarters) % 4 }
}

export function isUpright({ mirrored, quarters }: Turn): boolean {
  return !mirrored && quarters === 0
}

export function turnSize({ width, height }: Size, { quarters }: Turn): Size {
  return quarters % 2 ? { width: height, height: width } : { width, height }
}

/** Where a region of a picture is after the picture was turned. */
export function turnRegion(region: Region, { mirrored, quarters }: Turn, size: Size): Region {
  let { left, top, width, height } = region
  let { width: fullWidth, height: fullHeight } = size
  if (mirrored) left = fullWidth - left - width
  for (let quarter = 0; quarter < quarters; quarter++) {
    ;[left, top] = [fullHeight - top - height, left]
    ;[width, height] = [height, width]
    ;[fullWidth, fullHeight] = [fullHeight, fullWidth]
  }
  return { left, top, width, height }
}

/** The size after scaling by a factor, at least one pixel each way. */
export function scaleSize({ width, height }: Size, factor: number): Size {
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) }
}

/**
 * Returns a size as it is.
 *
 * @throws RangeError where it is not one of whole pixels, at least one each way.
 */
export function assertSize(size: Size): Size {
  if (!isCount(size.width, 1) || !isCount(size.height, 1)) {
    throw new RangeError(`A picture cannot be ${size.width} × ${size.height} pixels`)
  }
  return size
}

/**
 * Returns a region as it is.
 *
 * @throws RangeError where it is not inside of a size.
 */
export function assertInside(region: Region, { width, height }: Size): Region {
  assertSize(region)
  const inside = region.left + region.width <= width && region.top + region.height <= height
  if (!isCount(region.left, 0) || !isCount(region.top, 0) || !inside) {
    const { left, top } = region
    throw new RangeError(
      `The region of ${region.width} × ${region.height} at ${left}, ${top} is not inside the picture of ${width} × ${height} pixels`,
    )
  }
  return region
}

/**
 * Returns a turn as it is.
 *
 * @throws RangeError where it is none.
 */
export function assertTurn(turn: Turn): Turn {
  if (typeof turn.mirrored !== 'boolean' || !Number.isSafeInteger(turn.quarters)) {
    throw new RangeError(`A turn is mirrored or not, and by whole quarters, and this is ${JSON.stringify(turn)}`)
  }
  return turn
}

type Sides = Readonly<Record<'top' | 'right' | 'bottom' | 'left', number>>

/**
 * Returns edges as they are.
 *
 * @throws RangeError where one of them is not of whole pixels.
 */
export function assertEdges({ top, right, bottom, left }: Sides): Sides {
  if (![top, right, bottom, left].every((edge) => isCount(edge, 0))) {
    throw new RangeError(`Edges of ${[top, right, bottom, left].join(', ')} cannot be added: they are of whole pixels`)
  }
  return { top, right, bottom, left }
}

/** Whether something is a whole number that is not less than another. */
export function isCount(value: unknown, least: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least
}
