import { setImmediate } from 'node:timers/promises'
import type { GeneratedImage } from '@latent-image/kernel'
import { errors } from './errors.ts'
import { encodeAs, type Format, needsFlattening } from './formats.ts'
import type { Size } from './geometry.ts'
import { inspect } from './inspect.ts'
import { firstFrame, frameSize, isRaster, type Material, openMaterial, type Raster, toRaster } from './material.ts'
import type { Operation } from './operations.ts'
import type { JsonObject } from './options.ts'
import { applyGeometry, type GeometryPass, type Pass, passesOf, suitsAnimations } from './passes.ts'
import { makePlaceholder, type PlaceholderKind } from './placeholder.ts'
import { type PassSettings, runPass } from './run-pass.ts'
import type { Seat } from './shared-decoding.ts'
import { generalError, messageOf, sourceError } from './sharp-error.ts'

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
  #material: Material
  readonly #settings: WorkbenchSettings

  constructor(material: Material, settings: WorkbenchSettings) {
    this.#material = material
    this.#settings = settings
  }

  /** What the next pass works on. */
  get material(): Material {
    return this.#material
  }

  /** Does operations, and tells the size that came out. */
  async measure(operations: readonly Operation[]): Promise<Size> {
    for (const pass of passesOf(operations)) await this.#run(pass)
    const { pixels } = await this.#pixels()
    return pixels
  }

  /** Does operations, the last of them in one go with the encoding where that can be. */
  async encode(operations: readonly Operation[], encoding: Encoding): Promise<GeneratedImage> {
    const { format, options, delay, loop, placeholder: kind } = encoding
    const flatten = needsFlattening(format, options)
    if (this.#material.isLying) await this.#pixels()
    const passes = passesOf(operations)
    const candidate = kind ? undefined : this.#joinable(passes.at(-1), flatten)
    const last = candidate && passes.length === 1 && (await this.#isShared(candidate)) ? undefined : candidate
    for (const pass of last ? passes.slice(0, -1) : passes) await this.#run(pass)
    const placeholder = kind && (await makePlaceholder(firstFrame(await this.#pixels()), kind, flatten))

    this.#settings.signal?.throwIfAborted()
    const { frames } = this.#material
    try {
      const image = applyGeometry(await openMaterial(this.#material), last ?? { kind: 'geometry' })
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

  /** The last pass, if sharp can encode in the same run. */
  #joinable(pass: Pass | undefined, flatten: boolean): GeometryPass | undefined {
    if (pass?.kind !== 'geometry') return undefined
    if (this.#material.frames > 1 && !suitsAnimations(pass)) return undefined
    // sharp lays transparency on a color before it extends the picture.
    if (flatten && pass.extend && pass.extend.color.alpha < 1) return undefined
    return pass
  }

  async #run(pass: Pass): Promise<void> {
    this.#settings.signal?.throwIfAborted()
    const { frames } = this.#material
    if (pass.kind === 'geometry' && (frames === 1 || suitsAnimations(pass))) {
      this.#material = await this.#decode(pass)
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
    const raster = await this.#decode({ kind: 'geometry' })
    this.#material = raster
    return raster
  }

  async #decode(pass: GeometryPass): Promise<Raster> {
    const material = this.#material
    const decode = async () => {
      const image = applyGeometry(await openMaterial(material), pass)
      return toRaster(image, material.frames, this.#settings.seconds)
    }
    try {
      if (isRaster(material)) return await decode()
      return await this.#settings.seat.join(this.#keyOf(pass), decode)
    } catch (error) {
      throw this.#classified(error)
    }
  }

  /** Whether others need the pixels that a pass makes of the source; those who began together are given time to say so. */
  async #isShared(pass: GeometryPass): Promise<boolean> {
    if (isRaster(this.#material)) return false
    await setImmediate()
    return this.#settings.seat.isWanted(this.#keyOf(pass))
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
