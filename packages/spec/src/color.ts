import * as v from 'valibot'

/** `#rgb`, `#rrggbb`, `#rrggbbaa`, `white`, `black` or `transparent`. */
export type Color = string

/** Channels from 0 to 255, alpha from 0 to 1: as sharp takes them. */
export interface Channels {
  readonly r: number
  readonly g: number
  readonly b: number
  readonly alpha: number
}

/**
 * Returns channels as they are.
 *
 * @throws RangeError where they are not those of a color.
 */
export function assertChannels(channels: Channels): Channels {
  const { r, g, b, alpha } = channels
  if (![r, g, b].every((value) => isWithin(value, 255)) || !isWithin(alpha, 1)) {
    throw new RangeError(
      `A color has r, g and b from 0 to 255 and alpha from 0 to 1, and this is ${JSON.stringify(channels)}`,
    )
  }
  return { r, g, b, alpha }
}

function isWithin(value: unknown, most: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= most
}

const named: Readonly<Record<string, string>> = {
  white: '#ffffff',
  black: '#000000',
  transparent: '#ffffff00',
}

export const colorSchema = v.pipe(
  v.string(),
  v.regex(
    /^(#[0-9a-f]{3}|#[0-9a-f]{6}|#[0-9a-f]{8}|white|black|transparent)$/i,
    ({ received }) =>
      `Expected a color such as #fff, #ffffff, #ffffff80, white, black or transparent, but received ${received}`,
  ),
)

/** The channels of a color that {@link colorSchema} accepts. */
export function channelsOf(color: Color): Channels {
  const lower = color.toLowerCase()
  const hex = (named[lower] ?? lower).slice(1)
  const digits = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex
  const byte = (index: number) => Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16)
  return { r: byte(0), g: byte(1), b: byte(2), alpha: digits.length === 8 ? byte(3) / 255 : 1 }
}
