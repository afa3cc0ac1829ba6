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
