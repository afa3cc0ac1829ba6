import { defineErrors } from '@latent-image/kernel'
import type { Issue } from './options.ts'

const list = (issues: readonly Issue[]) =>
  issues.map(({ path, message }) => (path ? `\`${path}\`: ${message}` : message)).join('; ')

/** What a source can have too much of, in words. */
const counted = {
  bytes: 'bytes',
  pixels: 'pixels',
  avifPixels: 'pixels as an AVIF',
  frames: 'frames or pages',
  channels: 'channels',
} as const

/** A limit of how much a source has of something. */
export type CountedLimit = keyof typeof counted

interface SourceTooLarge {
  readonly source: string
  readonly limit: CountedLimit
  readonly found: number
  readonly allowed: number
}

interface PictureTooLarge {
  readonly processor: string
  readonly width: number
  readonly height: number
  readonly frames: number
  readonly allowed: number
}

/** Every error of this package. Those that begin with `SOURCE_` say that no other attempt at the source will do better. */
export const errors = {
  ...defineErrors('source', {
    SOURCE_BROKEN: 'The picture `{source}` is damaged: {reason}. Replace it with a whole one.',
    SOURCE_UNSUPPORTED:
      'The source `{source}` cannot be read as a picture: {reason}. Use a JPEG, PNG, WebP, AVIF, GIF or TIFF.',
    SOURCE_TOO_LARGE: ({ source, limit, found, allowed }: SourceTooLarge) =>
      `The picture \`${source}\` has ${found} ${counted[limit]}, and ${allowed} are allowed. Use a smaller one, or raise \`limits.${limit}\` of the spec if it can be higher.`,
    SOURCE_TOO_SLOW:
      'Making a derivative of `{source}` took longer than {seconds} s. Use a smaller picture, or raise `limits.seconds` of the spec.',
  }),
  ...defineErrors('machine', {
    OUT_OF_MEMORY:
      'There is not enough memory to make a derivative of `{source}`. Try again, with less work at the same time.',
    IMAGE_UNAVAILABLE:
      'The image `{image}`, which a processor needs, could not be opened: {reason}. Make it available under this name.',
  }),
  ...defineErrors('caller', {
    INVALID_PROCESSOR: ({ processor, issues }: { processor: string; issues: readonly Issue[] }) =>
      `The processor \`${processor}\` cannot be used like this: ${list(issues)}. See the documentation of processors for its options.`,
    UNKNOWN_PROCESSOR: ({ processor, known }: { processor: string; known: readonly string[] }) =>
      `There is no processor \`${processor}\` here. Known are ${known.map((name) => `\`${name}\``).join(', ')}; one of your own must be made with \`defineProcessor\` and be given in this process too.`,
    INVALID_SPEC: ({ issues }: { issues: readonly Issue[] }) =>
      `The image spec is not valid: ${list(issues)}. A spec has \`processors\`, \`format\`, \`options\` and \`limits\`.`,
    INVALID_INPUT:
      'A derivative can be made from a `Uint8Array` or an `ArrayBuffer`, and this is {found}. Read the bytes first, as with `await blob.arrayBuffer()`.',
    INVALID_SIZE:
      'The size of a derivative can be told from the size of its source, and this is {found}. Give `width` and `height` in whole pixels, as the source is stored.',
    NO_IMAGES: 'A processor needs the image `{image}`, and there is no kernel to find it. Give the spec `openImage`.',
    INVALID_PARAMS:
      'The param `{param}` of the image spec is {found}, and it can be {allowed}. Ask for one of these, or declare it in `params`.',
    PROCESSOR_FAILED:
      'The processor `{processor}` failed on `{source}`: {reason}. Mend the processor, or give it other options.',
    PICTURE_TOO_LARGE: ({ processor, width, height, frames, allowed }: PictureTooLarge) =>
      `The processor \`${processor}\` asks for ${width} × ${height} pixels${frames > 1 ? ` in each of ${frames} frames` : ''}, and ${allowed} are allowed in all. Ask for fewer, or raise \`limits.pixels\` of the spec.`,
  }),
}
