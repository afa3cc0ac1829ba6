import type { Metadata, SharpOptions } from 'sharp'
import { errors } from './errors.ts'
import { type Examined, examine } from './examine.ts'
import type { Size } from './geometry.ts'
import { assertAtMost, type CompleteLimits } from './limits.ts'
import { sharpFormats } from './recognise.ts'
import { sourceError } from './sharp-error.ts'

/** What the first bytes of a picture tell. */
export interface Header extends Size, Examined {
  /** EXIF, 1 to 8. */
  readonly orientation: number
  readonly channels: number
  /** 16 bits per channel, in a color space of its own. */
  readonly isWideGamut: boolean
  /** 8 bits per channel, in a space that sharp turns into sRGB before it does anything else. */
  readonly isPlain: boolean
  readonly isGrey: boolean
  readonly hasAlpha: boolean
  /** Says how many pixels are an inch. */
  readonly hasResolution: boolean
  /** More than 1 for an animation. Its size is that of one frame. */
  readonly frames: number
  /** Of an animation: milliseconds per frame, and how often it runs (0: for ever). */
  readonly delay?: readonly number[]
  readonly loop?: number
}

/** How sharp is told to read a source: strictly. */
export const strictly = { failOn: 'warning' } as const satisfies SharpOptions

/**
 * Reads the header of a source, and refuses what is over a limit before any pixel is decoded.
 *
 * @param source - Its name, for errors.
 * @throws SOURCE_BROKEN, SOURCE_UNSUPPORTED, SOURCE_TOO_LARGE.
 */
export async function readHeader(data: Uint8Array, source: string, limits: CompleteLimits): Promise<Header> {
  const examined = examine(data, source, limits)
  const metadata = await readMetadata(examined.data, source, limits)
  const { format, space, channels } = metadata
  const unsupported = (reason: string) => errors.SOURCE_UNSUPPORTED({ source, reason })
  if (format !== sharpFormats[examined.kind]) throw unsupported(`it begins like another format than ${format}`)
  assertAtMost('channels', channels, limits.channels, source)
  if (channels > colorsOf(space) + 1) throw unsupported(`it has ${channels} channels in the color space ${space}`)
  return { ...headerOf(metadata), ...examined }
}

const greySpaces = new Set(['b-w', 'grey16'])

/** Channels of a color space; a picture may have one more, for transparency. */
function colorsOf(space: string): number {
  if (greySpaces.has(space)) return 1
  return space === 'cmyk' ? 4 : 3
}

// So that the limits can be told with what was found: only the header is read here.
const unlimited = { limitInputPixels: false, limitInputChannels: false } as const satisfies SharpOptions

async function readMetadata(data: Uint8Array, source: string, limits: CompleteLimits): Promise<Metadata> {
  const { sharp } = await import('./sharp.ts')
  try {
    return await sharp(data, { ...strictly, ...unlimited }).metadata()
  } catch (error) {
    throw sourceError(error, source, limits.seconds)
  }
}

const plainSpaces = new Set(['srgb', 'b-w', 'cmyk'])

function headerOf(metadata: Metadata): Omit<Header, keyof Examined> {
  const { width, height, orientation = 1, channels, pages = 1, delay, loop, space, depth, density, hasAlpha } = metadata
  return {
    width,
    height,
    orientation,
    channels,
    isWideGamut: depth === 'ushort' && metadata.hasProfile,
    isPlain: depth === 'uchar' && plainSpaces.has(space),
    isGrey: greySpaces.has(space),
    hasAlpha,
    hasResolution: density !== undefined,
    // Only animations have delays; the pages of a TIFF are no frames.
    frames: delay ? pages : 1,
    ...(delay && { delay }),
    ...(loop !== undefined && { loop }),
  }
}

/**
 * Checks what would be decoded against the limits.
 *
 * @param frames - How many of the source's frames are going to be decoded.
 */
export function assertWithinLimits(
  { kind, width, height }: Header,
  frames: number,
  source: string,
  limits: CompleteLimits,
): void {
  assertAtMost('frames', frames, limits.frames, source)
  const limit = kind === 'avif' ? 'avifPixels' : 'pixels'
  assertAtMost(limit, width * height * frames, limits[limit], source)
}
