import type { SourceReference } from './contracts/source.ts'
import { errors } from './error-catalogue.ts'
import { isLatentImageError, type LatentImageError } from './errors.ts'
import { changeKey, FileRecord, type Knowledge } from './file-record.ts'
import type { ImageCacheFile } from './image-cache-file.ts'
import type { Kernel } from './kernel.ts'
import { sharedName } from './names/file-name.ts'
import { compilePattern } from './pattern.ts'
import { registered } from './registered-generator.ts'
import { type FileSource, fileSource, type SourceInput } from './source-input.ts'
import { isFresh } from './state.ts'
import type { StateStore } from './state-store.ts'

/** What became of a file whose source was saved or deleted. */
export type SourceOutcome = 'generated' | 'scheduled' | 'dropped' | 'kept' | 'absent'

export type SourceResult =
  | { readonly file: ImageCacheFile; readonly outcome: SourceOutcome }
  | { readonly file: ImageCacheFile; readonly error: LatentImageError }

export interface SourceChangeOptions {
  /** Pattern of the generators that are tied to the source. Left out, the source groups tell. */
  readonly for?: string
}

/** Carries the news that a source was saved or deleted to everything made from it. */
export class SourceChanges {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** A derivative got new bytes: what was made from it is old. */
  async replaced(name: string): Promise<void> {
    await this.#announce(name, {})
    await this.#dropMadeFrom(name, new Set())
  }

  async saved(input: SourceInput, options: SourceChangeOptions = {}): Promise<SourceResult[]> {
    const { source, tied } = this.#tiedTo(input, options)
    // Announced first: whoever is making a file from the old bytes finds out before it commits.
    await this.#announce(source.name, {})
    const marks = tied.map((file) => this.#kernel.generation.invalidate(file.record))
    await Promise.allSettled(marks)
    const dropped = await settled(this.#dropMadeFrom(source.name, keysOf(tied)))
    this.#kernel.events.emit('sourceSaved', { source })
    const results = tied.map((file, index) => resultOf(file, () => this.#renew(file, marks[index])))
    const all = await Promise.all(results)
    dropped()
    return all
  }

  async deleted(input: SourceInput, options: SourceChangeOptions = {}): Promise<SourceResult[]> {
    const { source, tied } = this.#tiedTo(input, options)
    await this.#announce(source.name, { bytes: 'absent' })
    const decided = tied.filter(({ generator }) => registered(generator).strategy?.sourceDeleted.taps.length)
    const dropped = await settled(this.#dropMadeFrom(source.name, keysOf(decided)))
    this.#kernel.events.emit('sourceDeleted', { source })
    const all = await Promise.all(tied.map((file) => resultOf(file, () => this.#bury(file, decided.includes(file)))))
    dropped()
    return all
  }

  #tiedTo(input: SourceInput, options: SourceChangeOptions): { source: SourceReference; tied: ImageCacheFile[] } {
    const origin = fileSource(input)
    if (!origin) throw errors.INVALID_SOURCE({ problem: 'there is none' })
    const ties = options.for === undefined ? this.#patternsOf(origin) : [compilePattern(options.for)]
    const tied = new Map<string, ImageCacheFile>()
    for (const generator of this.#kernel.registered()) {
      if (generator.definition.source === 'none' || !ties.some((matches) => matches(generator.id))) continue
      for (const file of this.#kernel.filesOf(generator, input)) tied.set(file.record.key, file)
    }
    return { source: origin.reference, tied: [...tied.values()] }
  }

  #patternsOf({ reference }: FileSource): ((id: string) => boolean)[] {
    const groups = [...this.#kernel.groups].filter((group) => group.includes?.(reference.name))
    return groups.map((group) => compilePattern(group.for))
  }

  /** Has a file made anew by whoever decides; old bytes that nobody replaces are dropped. */
  async #renew(file: ImageCacheFile, mark: Promise<boolean> | undefined): Promise<SourceOutcome> {
    const hasBytes = await mark
    const hook = registered(file.generator).strategy?.sourceSaved
    if (hook && hook.taps.length > 0) await hook.promise(file)
    else if (hasBytes) await file.generate()
    const known = await file.record.look()
    if (isFresh(known)) return 'generated'
    if (this.#kernel.rules.isServable(known) || known.work?.scheduled) return 'scheduled'
    if (known.bytes !== 'present') return 'absent'
    await this.#drop(file.record)
    return 'dropped'
  }

  async #bury(file: ImageCacheFile, isDecided: boolean): Promise<SourceOutcome> {
    if (isDecided) await registered(file.generator).strategy?.sourceDeleted.promise(file)
    else await this.#drop(file.record)
    return (await file.record.look()).bytes === 'present' ? 'kept' : 'dropped'
  }

  async #drop(record: FileRecord): Promise<void> {
    await this.#kernel.generation.drop(record)
    await this.replaced(record.name)
  }

  /** Drops all that was made from a source, found by the digits that its names share, but for some. */
  async #dropMadeFrom(sourceName: string, except: ReadonlySet<string>): Promise<void> {
    const listed = new Set<string>()
    for (const generator of this.#kernel.registered()) {
      const shared = sharedName(generator, sourceName)
      if (listed.has(generator.stateKey(shared))) continue
      listed.add(generator.stateKey(shared))
      const found = new FileRecord(generator, shared, this.#kernel.rules)
      const records: FileRecord[] = []
      await found.storage(async (storage) => {
        for await (const name of storage.list(shared)) records.push(new FileRecord(generator, name, this.#kernel.rules))
      })
      await Promise.all(records.filter(({ key }) => !except.has(key)).map((record) => this.#drop(record)))
    }
  }

  async #announce(sourceName: string, knowledge: Knowledge): Promise<void> {
    const stores = new Set<StateStore>()
    for (const { state } of this.#kernel.registered()) stores.add(state)
    const key = changeKey(sourceName)
    const announce = async (store: StateStore) => {
      while (!(await store.swap(key, await store.get(key), knowledge)));
    }
    await Promise.all([...stores].map(announce))
  }
}

function keysOf(files: readonly ImageCacheFile[]): Set<string> {
  return new Set(files.map(({ record }) => record.key))
}

/** Waits for work whose failure must not stop what comes next; the function returned throws it then. */
async function settled(work: Promise<unknown>): Promise<() => void> {
  const [result] = await Promise.allSettled([work])
  return () => {
    if (result.status === 'rejected') throw result.reason
  }
}

async function resultOf(file: ImageCacheFile, outcome: () => Promise<SourceOutcome>): Promise<SourceResult> {
  try {
    return { file, outcome: await outcome() }
  } catch (error) {
    return { file, error: isLatentImageError(error) ? error : errors.GENERATION_FAILED({ file: file.label }, error) }
  }
}
