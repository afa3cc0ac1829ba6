import type { GeneratedImage } from '@latent-image/kernel'
import { canAnimate, type Format } from './formats.ts'
import { assertWithinLimits, type Header, readHeader, strictly } from './header.ts'
import type { SourceMaterial } from './material.ts'
import { guardedOpenImage, type OpenImage } from './open-image.ts'
import type { JsonObject } from './options.ts'
import { Picture } from './picture.ts'
import { applyStep, clampSize, pictureOf, uprightSize } from './plan.ts'
import type { Seat, SharedDecoding } from './shared-decoding.ts'
import type { ResolvedSpec } from './spec-content.ts'
import { Workbench } from './workbench.ts'

export interface Order {
  readonly data: Uint8Array
  /** The source's name, for errors. */
  readonly source: string
  readonly spec: ResolvedSpec
  readonly format: Format
  readonly signal?: AbortSignal | undefined
  readonly openImage?: OpenImage | undefined
  readonly sharedDecoding: SharedDecoding
}

/** Makes a derivative: bytes in, bytes out. */
export async function develop(order: Order): Promise<GeneratedImage> {
  const seat = order.sharedDecoding.enter(order.data)
  try {
    return await developAt(seat, order)
  } finally {
    seat.leave()
  }
}

async function developAt(seat: Seat, order: Order): Promise<GeneratedImage> {
  const { data, source, spec, format, signal } = order
  const { limits, placeholder } = spec
  const header = await readHeader(data, source, limits)
  const frames = spec.animated && canAnimate(format) ? header.frames : 1
  assertWithinLimits(header, frames, source, limits)
  const openImage = guardedOpenImage(order.openImage, limits)
  const settings = { source, seconds: limits.seconds, signal, openImage, seat }
  const material = materialOf(order, header, frames)
  const bench = new Workbench(material, settings)
  const { operations } = await work(order, material, bench)
  const { delay, loop } = header
  return bench.encode(operations, { format, options: cappedOptions(format, spec), delay, loop, placeholder })
}

/** Lets the processors say what is to be done; does some of it where only that tells how to go on. */
async function work({ spec, source }: Order, material: SourceMaterial, bench: Workbench): Promise<Picture> {
  const { limits, steps } = spec
  const { header, options } = material
  let current = options.autoOrient ? Picture.of(uprightSize(header)) : pictureOf(spec, header)
  for (const step of steps) {
    current = applyStep(step, current, { source, frames: material.frames, limits })
    if (!current.settled) current = current.continueAt(await bench.measure(current.operations))
  }
  return clampSize(current, limits)
}

function materialOf({ spec, format }: Order, header: Header, frames: number): SourceMaterial {
  const { limits, orient } = spec
  const isTurned = header.orientation !== 1
  const options = {
    ...strictly,
    // sharp turns after it has decoded small, and forgets the orientation; but it cannot turn animations.
    autoOrient: orient && isTurned && frames === 1,
    limitInputPixels: header.kind === 'avif' ? limits.avifPixels : limits.pixels,
    limitInputChannels: limits.channels,
    ...(frames > 1 && { pages: -1 }),
  }
  // Some encoders would write an orientation that was not followed; PNG's writes the resolution, and GIF's for how long one
  // frame is shown.
  const isLaden =
    (isTurned && !orient) ||
    (header.hasResolution && format === 'png') ||
    (header.delay !== undefined && frames === 1 && format === 'gif')
  return { data: header.data, frames, options, header, isLaden }
}

function cappedOptions(format: Format, { options, limits }: ResolvedSpec): JsonObject {
  const { effort } = options
  return format === 'avif' && typeof effort === 'number'
    ? { ...options, effort: Math.min(effort, limits.avifEffort) }
    : options
}
