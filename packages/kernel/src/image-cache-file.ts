import { inspect } from 'node:util'
import type { Facts, Generator } from './contracts/generator.ts'
import type { JsonValue } from './contracts/json-value.ts'
import type { SourceReference } from './contracts/source.ts'
import type { FileState } from './contracts/state-cache.ts'
import type { Storage } from './contracts/storage.ts'
import { errors } from './error-catalogue.ts'
import { codeOf, isLatentImageError, type LatentImageError } from './errors.ts'
import { FileRecord } from './file-record.ts'
import type { GenerateOptions, Outcome } from './generation.ts'
import type { Kernel } from './kernel.ts'
import { fileName } from './names/file-name.ts'
import { type RegisteredGenerator, registered } from './registered-generator.ts'
import { type FileSource, fileBrand } from './source-input.ts'
import type { FileStatus } from './state.ts'

/** What concerns every file of the kernel, and so is no bad picture's fault. */
const kernelFaults: ReadonlySet<string> = new Set(['MISSING_ROLE', 'KERNEL_CLOSED'])

/** What a strategy is asked for. */
type Need = 'contentRequired' | 'existenceRequired'

/** What came of the generation that a strategy asked for at once. */
interface Asking {
  outcome?: Outcome
}

// A file that changes more often than it can be looked at is given up on.
const mostTries = 20

/** Milliseconds after which a file that is on its way is worth asking for again. */
const soon = 1_000

/** A file as plain JSON, from which `kernel.fileFrom` rebuilds it in this process or another. */
export interface FileReference {
  readonly generator: string
  readonly source: (SourceReference & { readonly file?: FileReference }) | null
  readonly params: JsonValue
  readonly name: string | null
}

/** How to read a file that may be on its way: scheduled, or being made elsewhere. */
export interface ReadOptions {
  /** Milliseconds to wait for it; then the error is `PENDING`. @default what the backend says, else 0 */
  readonly waitFor?: number
}

/** What `describe()` tells: plain data for templates, JSON and props. */
export interface FileDescription extends Facts {
  readonly url: string
}

/**
 * A file that need not exist yet: named by its generator, source and params, made when the strategy in force decides.
 *
 * Making one costs no I/O. Without a source (where its generator needs one), `name` is null, `exists()` is false,
 * `describe()` is null, and everything else rejects with `MISSING_SOURCE`.
 */
export class ImageCacheFile {
  readonly generator: Generator
  readonly params: JsonValue
  /** Key in the storage, or null without a source. */
  readonly name: string | null
  /** @internal */
  readonly origin: FileSource | undefined
  readonly #kernel: Kernel
  #record: FileRecord | undefined
  /** Set while a strategy is asked on behalf of a reader. */
  #asking: Asking | undefined

  /** @internal */
  constructor(kernel: Kernel, generator: RegisteredGenerator, origin: FileSource | undefined, params: JsonValue) {
    this.#kernel = kernel
    this.generator = generator
    this.origin = origin
    this.params = params
    const isMissing = !origin && generator.definition.source === 'required'
    this.name = isMissing ? null : fileName(generator, origin?.reference, params)
  }

  /** The source as plain data, where there is one. */
  get source(): SourceReference | undefined {
    return this.origin?.reference
  }

  /** How messages call the file. */
  get label(): string {
    return `\`${this.generator.id}\`${this.source ? ` of \`${this.source.name}\`` : ''}`
  }

  /** Plain JSON: travels in a job, a form or a link. Bytes of the source's own do not travel. */
  get reference(): FileReference {
    const { generator, params, name, origin } = this
    return { generator: generator.id, source: origin?.reference ?? null, params, name }
  }

  /** Whether the source brings bytes of its own along, which do not travel: a reference of the file does without them. */
  get hasOwnBytes(): boolean {
    return this.origin?.open !== undefined
  }

  /** The file that another generator makes of the same source. */
  beside(generator: string, params?: JsonValue): ImageCacheFile {
    const { reference, open, file } = this.origin ?? {}
    const source = file ?? (reference && open ? { ...reference, open } : reference)
    return this.#kernel.file(generator, { source, ...(params !== undefined && { params }) })
  }

  /** Address of the file, once the strategy has seen to its existence. */
  async url(): Promise<string> {
    await this.#require('existenceRequired')
    return this.record.storage((storage) => storage.url(this.record.name))
  }

  /** Path of the file, once the strategy has seen to its existence. Rejects with `NO_PATH` where storage has no paths. */
  async path(): Promise<string> {
    await this.#require('existenceRequired')
    const path = await this.record.storage((storage) => storage.path?.(this.record.name))
    if (path === undefined) throw errors.NO_PATH({ file: this.label })
    return path
  }

  /** Whether there are bytes to be served. Never rejects because of a source, a backend or a storage. */
  async exists(): Promise<boolean> {
    if (this.name === null) return false
    return this.#unlessBad(false, async () => {
      const isTrusted = registered(this.generator).strategy?.verifyExistence.call(this) === false
      if (!isTrusted) return this.#kernel.rules.isServable(await this.#lookAfter('existenceRequired'))
      await this.#require('existenceRequired')
      return true
    })
  }

  async bytes(options?: ReadOptions): Promise<Uint8Array> {
    return this.#read((storage) => storage.read(this.record.name), options)
  }

  async arrayBuffer(options?: ReadOptions): Promise<ArrayBuffer> {
    // A copy: a Buffer may be a view of memory that it shares.
    return new Uint8Array(await this.bytes(options)).buffer
  }

  async stream(options?: ReadOptions): Promise<ReadableStream<Uint8Array>> {
    return this.#read((storage) => storage.stream(this.record.name), options)
  }

  async blob(options?: ReadOptions): Promise<Blob> {
    const { type } = await this.metadata(options)
    return new Blob([await this.arrayBuffer(options)], { type })
  }

  /** Facts of the file: from state when known, without touching storage; else read from the bytes, once. */
  async metadata(options?: ReadOptions): Promise<Facts & { readonly size: number }> {
    const known = await this.#content(options)
    const facts = known.facts ?? (await this.#inspect(known)) ?? (await this.#makeFacts())
    return { ...facts, size: facts.size ?? 0 }
  }

  /** Pixels. */
  async width(options?: ReadOptions): Promise<number> {
    return (await this.metadata(options)).width
  }

  /** Pixels. */
  async height(options?: ReadOptions): Promise<number> {
    return (await this.metadata(options)).height
  }

  /** Bytes. */
  async size(options?: ReadOptions): Promise<number> {
    return (await this.metadata(options)).size
  }

  /**
   * What a template needs, as plain data; null where there is no source, no file yet, or none can be made. Never rejects
   * because of a source, a backend or a storage: an event tells why.
   */
  async describe(): Promise<FileDescription | null> {
    if (this.name === null) return null
    return this.#unlessBad(null, async () => {
      const known = await this.#lookAfter('existenceRequired')
      if (!this.#kernel.rules.isServable(known)) return null
      const facts = known.facts ?? (await this.metadata())
      return { ...facts, url: await this.record.storage((storage) => storage.url(this.record.name)) }
    })
  }

  /** What is known of the file; calls no strategy. */
  async state(): Promise<FileStatus> {
    return this.#kernel.rules.statusOf(await this.record.look())
  }

  /**
   * Sees to it that the file is made, through the backend. However many ask, it is made once.
   *
   * @returns `exists` if it was fresh, `generated`, or `scheduled` if it will be made later.
   */
  async generate(options: GenerateOptions = {}): Promise<Outcome> {
    const asking = this.#asking
    const isKnown = !options.force && this.record.state.remembered(this.record.key) !== undefined
    const wish = { ...options, isAwaited: asking !== undefined }
    const outcome = isKnown ? 'exists' : await this.#kernel.generation.generate(this, wish)
    if (asking) asking.outcome = outcome
    return outcome
  }

  /** Removes the bytes and what is known of them. */
  async delete(): Promise<void> {
    await this.#kernel.generation.drop(this.record)
  }

  /** The name, or an empty string. */
  toString(): string {
    return this.name ?? ''
  }

  /** The name, or null. */
  toJSON(): string | null {
    return this.name
  }

  get [fileBrand](): true {
    return true
  }

  [inspect.custom](): string {
    return `<ImageCacheFile: ${this.name}>`
  }

  /** @internal The file's record in its state cache. */
  get record(): FileRecord {
    if (this.name === null) throw errors.MISSING_SOURCE({ file: this.label })
    this.#record ??= new FileRecord(registered(this.generator), this.name, this.#kernel.rules, this.source?.name)
    return this.#record
  }

  /** Lets the strategy in force see to what is needed. */
  #require(need: Need, asking: Asking = {}): Promise<void> | undefined {
    if (this.name === null) throw errors.MISSING_SOURCE({ file: this.label })
    const hook = registered(this.generator).strategy?.[need]
    if (!hook?.taps.length) return undefined
    this.#asking = asking
    try {
      return hook.promise(this)
    } finally {
      this.#asking = undefined
    }
  }

  /** Lets the strategy see to a need, and looks. Where all has changed since the strategy saw to it, it is asked again. */
  async #lookAfter(need: Need): Promise<FileState> {
    const { rules } = this.#kernel
    for (let tries = 1; ; tries++) {
      const asking: Asking = {}
      try {
        await this.#require(need, asking)
      } catch (error) {
        if (tries === mostTries || !(await this.#isOvertaken(error))) throw error
        continue
      }
      const known = await this.record.look()
      const isOver = rules.isServable(known) || rules.failureOf(known) || tries === mostTries
      if (isOver || asking.outcome === undefined || asking.outcome === 'scheduled') return known
    }
  }

  /** The file was dropped, or what it is made from was, since the strategy began: a reader wants what is true now. */
  async #isOvertaken(error: unknown): Promise<boolean> {
    const code = codeOf(error)
    if (code === 'SOURCE_UNREADABLE') return this.origin?.file !== undefined
    return code === 'FILE_DELETED' && (await this.record.latestChange())?.bytes !== 'absent'
  }

  /** Requires content. Resolves to the record, once it says that there are bytes to be served. */
  async #content(options: ReadOptions = {}): Promise<FileState> {
    const { rules, generation } = this.#kernel
    const isSettled = (now: FileState) => rules.isServable(now) || rules.failureOf(now) !== undefined
    const isOnItsWay = (now: FileState) => !isSettled(now) && rules.isWorkedOn(now)
    const left = this.#patience(options)
    let isPromised = false
    for (let tries = 1; ; tries++) {
      try {
        const found = await this.#lookAfter('contentRequired')
        const wasOnItsWay = isOnItsWay(found)
        isPromised ||= wasOnItsWay
        // Where whoever had promised it gave up, the strategy is asked once more, and others may promise it.
        const isOver = (now: FileState) => isSettled(now) || isOnItsWay(now) !== wasOnItsWay
        const known = isPromised ? await generation.wait(this.record, left(), isOver) : found
        if (rules.isServable(known)) return known
        const failure = rules.failureOf(known)
        if (failure) throw failure
        if (left() > 0 && isPromised && tries < mostTries) continue
        throw isOnItsWay(known) ? errors.PENDING({ file: this.label, retryAfter: soon }) : this.#notGenerated()
      } catch (error) {
        if (codeOf(error) !== 'PENDING' || !this.origin?.file || left() <= 0) throw error
        // What it is made from is on its way.
        await this.origin.file.bytes({ waitFor: left() })
      }
    }
  }

  /** Tells how many milliseconds of a reader's patience are left. */
  #patience({ waitFor }: ReadOptions): () => number {
    if (waitFor !== undefined && !(typeof waitFor === 'number' && waitFor >= 0))
      throw errors.INVALID_WAIT({ found: inspect(waitFor) })
    const began = performance.now()
    let limit: number | undefined
    return () => {
      // The backend is asked in any case: so it learns that somebody waits.
      if (limit === undefined) {
        const usual = registered(this.generator).backend?.pending.call(this) ?? 0
        limit = waitFor ?? usual
      }
      return limit - (performance.now() - began)
    }
  }

  #notGenerated(cause?: unknown): LatentImageError {
    const { strategies } = registered(this.generator)
    return errors.NOT_GENERATED({ file: this.label, strategies: strategies.join(', ') || 'none' }, cause)
  }

  /** Reads bytes. Where storage has lost what state promised, the strategy is asked once more. */
  async #read<Answer>(read: (storage: Storage) => Promise<Answer>, options?: ReadOptions): Promise<Answer> {
    for (let isLastTry = false; ; isLastTry = true) {
      const known = await this.#content(options)
      try {
        return await this.record.storage(read)
      } catch (error) {
        if (codeOf(error) !== 'FILE_NOT_FOUND') throw error
        await this.record.lost(known)
        if (isLastTry) throw this.#notGenerated(error)
      }
    }
  }

  /** Reads the facts of bytes that were made before, and keeps them; undefined where they cannot be read. */
  async #inspect(known: FileState): Promise<Facts | undefined> {
    const { source, params } = this
    const { definition } = this.generator
    if (!definition.inspect) return undefined
    const data = await this.bytes()
    try {
      const facts = { ...(await definition.inspect(data, { source, params })), size: data.byteLength }
      // Lost where the record has changed since it was looked at: the bytes may be others by now.
      if (!known.stale) await this.record.state.swap(this.record.key, known, { ...known, facts })
      return facts
    } catch (error) {
      const message = `The stored bytes of ${this.label} cannot be read as an image; they are made anew.`
      this.#kernel.events.emit('warning', { message, error })
      return undefined
    }
  }

  /** Facts that are lost for good come with new bytes; where these cannot be made, the old ones stay. */
  async #makeFacts(): Promise<Facts> {
    await this.#kernel.generation.generate(this, { needsFacts: true, isAwaited: true })
    const { facts } = await this.#content()
    if (!facts) throw this.#notGenerated()
    return facts
  }

  /** One bad picture must not cost a page: what its source, its backend or its storage does is told by an event. */
  async #unlessBad<Answer>(instead: Answer, answer: () => Promise<Answer>): Promise<Answer> {
    try {
      return await answer()
    } catch (error) {
      if (!isLatentImageError(error) || kernelFaults.has(error.code)) throw error
      if (error.code !== 'PENDING') this.#kernel.reportFailure(this, error)
      return instead
    }
  }
}
