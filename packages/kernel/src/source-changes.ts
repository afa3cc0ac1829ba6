import type { TiedSourceGroup } from './contracts/source.ts'
import { errors } from './error-catalogue.ts'
import { isLatentImageError, type LatentImageError } from './errors.ts'
import { changeKey, FileRecord } from './file-record.ts'
import type { ImageCacheFile } from './image-cache-file.ts'
import type { Kernel } from './kernel.ts'
import { sharedName } from './names/file-name.ts'
import { compilePattern } from './pattern.ts'
import { type RegisteredGenerator, registered } from './registered-generator.ts'
import { fileSource, type SourceInput } from './source-input.ts'
import { isFresh, type Knowledge } from './state.ts'

/** What became of a file whose source was saved or deleted. */
export type SourceOutcome = 'generated' | 'scheduled' | 'dropped' | 'kept' | 'absent'

export type SourceResult =
  | { readonly file: ImageCacheFile; readonly outcome: SourceOutcome }
  | { readonly file: ImageCacheFile; readonly error: LatentImageError }

export interface SourceChangeOptions {
  /** Pattern of the generators that are tied to the source. Left out, the source groups tell. */
  readonly for?: string
}

type News = 'sourceSaved' | 'sourceDeleted'

/** Carries the news that a source was saved or deleted to everything made from it. */
export class SourceChanges {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** A derivative got other bytes, or none: what was made from it is old. Whoever changed it is not stopped by that. */
  async replaced(name: string): Promise<void> {
    try {
      await this.#announce(name, {})
      await this.#dropMadeFrom(name)
    } catch (error) {
      this.#kernel.events.emit('warning', { message: `What was made from \`${name}\` may be old.`, error })
    }
  }

  saved(input: SourceInput, options?: SourceChangeOptions): Promise<SourceResult[]> {
    return this.#carry('sourceSaved', input, options)
  }

  deleted(input: SourceInput, options?: SourceChangeOptions): Promise<SourceResult[]> {
    return this.#carry('sourceDeleted', input, options)
  }

  /** Drops what is not tied to the source, and has each tied file treated. One failure does not stop the others. */
  async #carry(news: News, input: SourceInput, options: SourceChangeOptions = {}): Promise<SourceResult[]> {
    const source = fileSource(input)?.reference
    if (!source) throw errors.INVALID_SOURCE({ problem: 'there is none' })
    const tied = this.#tiedTo(input, options.for === undefined ? this.#patternsOf(source.name) : [options.for])
    const isSaved = news === 'sourceSaved'
    // Announced first: whoever is making a file from the old bytes finds out before it commits.
    await this.#announce(source.name, isSaved ? {} : { bytes: 'absent' })
    const marks = isSaved ? tied.map((file) => this.#kernel.generation.invalidate(file.record)) : []
    const [others] = await Promise.allSettled([this.#dropMadeFrom(source.name, tied), ...marks])
    this.#kernel.events.emit(news, { source })
    const results = tied.map(async (file, index): Promise<SourceResult> => {
      try {
        await marks[index]
        return { file, outcome: await (isSaved ? this.#renew(file) : this.#bury(file)) }
      } catch (cause) {
        const error = isLatentImageError(cause) ? cause : errors.GENERATION_FAILED({ file: file.label }, cause)
        return { file, error }
      }
    })
    const told = await Promise.all(results)
    if (others.status === 'rejected') throw others.reason
    return told
  }

  #tiedTo(input: SourceInput, patterns: readonly string[]): ImageCacheFile[] {
    const ties = patterns.map(compilePattern)
    const tied = new Map<string, ImageCacheFile>()
    for (const generator of this.#kernel.registered()) {
      if (generator.definition.source === 'none' || !ties.some((matches) => matches(generator.id))) continue
      for (const file of this.#kernel.filesOf(generator, input)) tied.set(file.record.key, file)
    }
    return [...tied.values()]
  }

  #patternsOf(name: string): string[] {
    const isIncluding = (group: TiedSourceGroup) => {
      try {
        return group.includes?.(name)
      } catch (error) {
        this.#kernel.events.emit('warning', { message: `A source group for \`${group.for}\` failed.`, error })
        return false
      }
    }
    return [...this.#kernel.groups].filter(isIncluding).map((group) => group.for)
  }

  /** Has a file made anew by whoever decides; old bytes that nobody replaces are dropped. */
  async #renew(file: ImageCacheFile): Promise<SourceOutcome> {
    const { record } = file
    const hasBytes = (await record.look()).bytes === 'present'
    // Where there are bytes, whoever replaces them sees to what was made from them.
    if (!hasBytes) await this.replaced(record.name)
    if (!(await this.#isDecided('sourceSaved', file)) && hasBytes) await file.generate()
    const known = await record.look()
    if (isFresh(known)) return 'generated'
    if (this.#kernel.rules.isServable(known) || known.work?.scheduled) return 'scheduled'
    if (known.bytes !== 'present') return 'absent'
    await this.#kernel.generation.drop(record)
    return 'dropped'
  }

  async #bury(file: ImageCacheFile): Promise<SourceOutcome> {
    if (!(await this.#isDecided('sourceDeleted', file))) await this.#kernel.generation.drop(file.record)
    return (await file.record.look()).bytes === 'present' ? 'kept' : 'dropped'
  }

  /** Tells the strategy in force; resolves to whether it wants to know. */
  async #isDecided(news: News, file: ImageCacheFile): Promise<boolean> {
    const hook = registered(file.generator).strategy?.[news]
    if (!hook?.taps.length) return false
    await hook.promise(file)
    return true
  }

  /** Drops all that was made from a source, found by the digits that its names share, but for some. */
  async #dropMadeFrom(sourceName: string, except: readonly ImageCacheFile[] = []): Promise<void> {
    const kept = new Set(except.map(({ record }) => record.key))
    const places = new Map<string, FileRecord>()
    for (const generator of this.#kernel.registered()) {
      const shared = sharedNameOf(generator, sourceName)
      const place = shared && new FileRecord(generator, shared, this.#kernel.rules)
      if (place) places.set(place.key, place)
    }
    const drop = async (place: FileRecord) => {
      const found = (await place.beginningAlike()).filter(({ key }) => !kept.has(key))
      await all(found.map((record) => this.#kernel.generation.drop(record)))
    }
    await all([...places.values()].map(drop))
  }

  /** In every state cache, since nobody can tell which files of the source are being made. */
  async #announce(sourceName: string, knowledge: Knowledge): Promise<void> {
    const stores = new Set([...this.#kernel.registered()].map(({ state }) => state))
    await Promise.all([...stores].map((store) => store.change(changeKey(sourceName), () => knowledge)))
  }
}

/** What the names of a generator's files of a source begin with; undefined where it can have none. */
function sharedNameOf(generator: RegisteredGenerator, sourceName: string): string | undefined {
  try {
    return generator.definition.source === 'none' ? undefined : sharedName(generator, sourceName)
  } catch {
    return undefined
  }
}

/** Waits for all of it before it rejects with the first failure. */
async function all(work: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(work)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
