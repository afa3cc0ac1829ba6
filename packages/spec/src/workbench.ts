import type { GeneratedImage } from '@latent-image/kernel'
import { errors } from './errors.ts'
import { encodeAs, type Format, needsFlattening } from './formats.ts'
import type { Size } from './geometry.ts'
import { inspect } from './inspect.ts'
import {
  firstFrame,
  frameSize,
  hasAlpha,
  isRaster,
  openMaterial,
  type Raster,
  type SourceMaterial,
  sizeOf,
  toRaster,
} from './material.ts'
import type { Operation } from './operations.ts'
import type { JsonObject } from './options.ts'
import { applyGeometry, type GeometryPass, nothing, type Pass, passesOf, suitsAnimations } from './passes.ts'
import { makePlaceholder, type PlaceholderKind } from './placeholder.ts'
import { type PassSettings, runPass } from './run-pass.ts'
import type { Seat } from './shared-decoding.ts'
import { generalError, messageOf, sourceError } from './sharp-error.ts'
import { suitsWholePicture } from './whole-picture.ts'

/** How pixels become a file. */
export interface Encoding {
  readonly format: Format
  readonly options: JsonObject
  readonly delay: readonly number[] | undefined
  readonly loop: number | undefined
  readonly placeholder: PlaceholderKind | undefined
}

export interface WorkbenchSettings extends PassSettings {
  /** The source's name, for errors. */
  readonly source: string
  readonly signal: AbortSignal | undefined
  /** A place among those who work on the same bytes. */
  readonly seat: Seat
}

/** Does the passes of one derivative, one after the other, and says whose fault it was if one fails. */
export class Workbench {
  #material: SourceMaterial | Raster
  readonly #settings: WorkbenchSettings

  constructor(material: SourceMaterial, settings: WorkbenchSettings) {
    this.#material = material
    this.#settings = settings
  }

  /** Does operations, and tells the size that came out. */
  async measure(operations: readonly Operation[]): Promise<Size> {
    for (const pass of await this.#begin(operations)) await this.#run(pass)
    const { pixels } = await this.#pixels()
    return pixels
  }

  /** Does operations, the last of them in one go with the encoding where that can be. */
  async encode(operations: readonly Operation[], encoding: Encoding): Promise<GeneratedImage> {
    const { format, options, delay, loop, placeholder: kind } = encoding
    const flatten = needsFlattening(format, options)
    const passes = await this.#begin(operations)
    for (const pass of passes.slice(0, -1)) await this.#run(pass)
    const final = passes.at(-1)
    // Only now is known whether what is left is transparent.
    const last = kind ? undefined : this.#joinable(final, flatten)
    if (final && !last) await this.#run(final)
    const placeholder = kind && (await makePlaceholder(firstFrame(await this.#pixels()), kind, flatten))

    this.#settings.signal?.throwIfAborted()
    const { frames } = this.#material
    try {
      const image = applyGeometry(await openMaterial(this.#material), last ?? nothing)
      const opaque = flatten ? image.flatten({ background: 'white' }) : image
      const animation = frames > 1 ? { ...(delay && { delay: [...delay] }), ...(loop !== undefined && { loop }) } : {}
      const encoded = encodeAs(opaque, format, options, animation).timeout({ seconds: this.#settings.seconds })
      const { data, info } = await encoded.toBuffer({ resolveWithObject: true })
      // Encoders of animations join frames that are alike.
      const facts = frames > 1 ? await inspect(data) : { ...frameSize(info), type: `image/${format}` }
      return { data, facts: placeholder === undefined ? facts : { ...facts, placeholder } }
    } catch (error) {
      throw this.#classified(error)
    }
  }

  /** Packs operations into passes. On a source, what others need of it as well is done at once; resolves to what is left. */
  async #begin(operations: readonly Operation[]): Promise<readonly Pass[]> {
    const material = this.#material
    if (isRaster(material)) return passesOf(operations)
    const passes = passesOf(operations, material.header)
    const opening = this.#doneAtOnce(passes[0]) ?? nothing
    const left = passes[0] === opening ? passes.slice(1) : passes
    const whole = suitsWholePicture(opening, material) ? this.#keyOf(nothing) : undefined
    const shared = await this.#settings.seat.settle({ pass: this.#keyOf(opening), whole })
    if (shared.pass || material.isLaden) {
      this.#material = await this.#decode(opening, shared.whole)
      return left
    }
    if (shared.whole) this.#material = await this.#decode(nothing)
    return passes
  }

  /** The last pass, if sharp can encode in the same run. */
  #joinable(pass: Pass | undefined, flatten: boolean): GeometryPass | undefined {
    const atOnce = this.#doneAtOnce(pass)
    const becomesTransparent = atOnce?.extend && atOnce.extend.color.alpha < 1
    // sharp lays transparency on a color before it does anything else.
    return flatten && (becomesTransparent || hasAlpha(this.#material)) ? undefined : atOnce
  }

  /** The pass, if one run of sharp does it to all frames. */
  #doneAtOnce(pass: Pass | undefined): GeometryPass | undefined {
    if (pass?.kind !== 'geometry') return undefined
    return this.#material.frames === 1 || suitsAnimations(pass, sizeOf(this.#material)) ? pass : undefined
  }

  async #run(pass: Pass): Promise<void> {
    this.#settings.signal?.throwIfAborted()
    const atOnce = this.#doneAtOnce(pass)
    if (atOnce) {
      this.#material = await this.#decode(atOnce)
      return
    }
    const pixels = await this.#pixels()
    try {
      this.#material = await runPass(pixels, pass, this.#settings)
    } catch (error) {
      const { source, seconds } = this.#settings
      const general = generalError(error, source, seconds)
      if (general || pass.kind === 'geometry') throw general ?? error
      const { processor } = pass
      throw errors.PROCESSOR_FAILED({ processor, source, reason: messageOf(error) }, error)
    }
  }

  async #pixels(): Promise<Raster> {
    if (isRaster(this.#material)) return this.#material
    const raster = await this.#decode(nothing)
    this.#material = raster
    return raster
  }

  /** The pixels that a pass makes of what is on the bench. */
  async #decode(pass: GeometryPass, isWholeShared = false): Promise<Raster> {
    const material = this.#material
    const { seat, seconds } = this.#settings
    const made = async (from: SourceMaterial | Raster, by: GeometryPass) =>
      toRaster(applyGeometry(await openMaterial(from), by), from.frames, seconds)
    const whole = () => seat.pixels(this.#keyOf(nothing), () => made(material, nothing))
    try {
      if (isRaster(material)) return await made(material, pass)
      if (pass === nothing) return await whole()
      return await seat.pixels(this.#keyOf(pass), async () => made(isWholeShared ? await whole() : material, pass))
    } catch (error) {
      throw this.#classified(error)
    }
  }

  /** All that the pixels which a pass makes of the source depend on, beside its bytes. */
  #keyOf(pass: GeometryPass): string {
    return JSON.stringify([this.#material.options, pass, this.#settings.seconds])
  }

  /** Only what fails while the source itself is being read is the source's fault. */
  #classified(error: unknown): unknown {
    const { source, seconds } = this.#settings
    return isRaster(this.#material)
      ? (generalError(error, source, seconds) ?? error)
      : sourceError(error, source, seconds)
  }
}
