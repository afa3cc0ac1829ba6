import { randomUUID } from 'node:crypto'
import type { Failure, FileState, Work } from './contracts/state-cache.ts'
import type { Storage } from './contracts/storage.ts'
import { errors } from './error-catalogue.ts'
import { isLatentImageError } from './errors.ts'
import { sourceHash } from './names/file-name.ts'
import type { RegisteredGenerator } from './registered-generator.ts'
import type { Knowledge, StateRules } from './state.ts'
import type { StateStore } from './state-store.ts'

type Store = (storage: Storage) => Promise<unknown>

/** One file's record in the state cache and its bytes in storage, which change together. */
export class FileRecord {
  readonly name: string
  readonly key: string
  readonly rules: StateRules
  readonly #generator: RegisteredGenerator
  readonly sourceName: string | undefined
  /** As it was when this process last claimed it, or went on with a claim. */
  #held: FileState | undefined

  constructor(generator: RegisteredGenerator, name: string, rules: StateRules, sourceName?: string) {
    this.#generator = generator
    this.name = name
    this.key = generator.stateKey(name)
    this.rules = rules
    this.sourceName = sourceName
  }

  get state(): StateStore {
    return this.#generator.state
  }

  /** Calls the storage; what it throws becomes `STORAGE_FAILED`, unless it has a code of ours. */
  async storage<Answer>(call: (storage: Storage) => Answer | Promise<Answer>): Promise<Answer> {
    const { storage, id } = this.#generator
    try {
      return await call(storage)
    } catch (error) {
      if (isLatentImageError(error)) throw error
      throw errors.STORAGE_FAILED({ name: this.name, generator: id }, error)
    }
  }

  /** The records of the stored files whose names begin with this one's. */
  async beginningAlike(): Promise<FileRecord[]> {
    const names: string[] = []
    await this.storage(async (storage) => {
      for await (const name of storage.list(this.name)) names.push(name)
    })
    return names.map((name) => new FileRecord(this.#generator, name, this.rules))
  }

  /** The latest change announced of the file's source. */
  async latestChange(): Promise<FileState | undefined> {
    return this.sourceName === undefined ? undefined : this.state.get(changeKey(this.sourceName))
  }

  /** What is known; storage is asked once where nothing is. Its answer counts only if nothing was learned meanwhile. */
  async look(): Promise<FileState> {
    const remembered = this.state.remembered(this.key)
    if (remembered) return remembered
    return this.state.change(this.key, async (record) => {
      const isOutdated = record?.failure && (await this.#isOutdated(record.failure))
      if (record && !isOutdated && this.rules.isKnown(record)) return record
      const found = await this.storage((storage) => storage.stat(this.name))
      const stale = record?.stale || this.state.isOld(this.key)
      return { ...(found ? { bytes: 'present' } : this.rules.absent(isOutdated ? undefined : record?.failure)), stale }
    })
  }

  /** Claims the work on a file, unless more was learned of it since. Resolves to whether it won. */
  async claim(known: FileState, token: string): Promise<boolean> {
    const isUnchanged = (record: FileState | undefined) => !record || record.version === known.version
    const claim = (record: FileState | undefined) =>
      isUnchanged(record) ? this.rules.claimed(known, { token }) : undefined
    this.#held = await this.state.change(this.key, claim, known)
    return this.#held !== undefined
  }

  /** Takes up the claim of a token, also where the cache forgot it, and where nobody has begun what another claimed. */
  async take(token: string): Promise<FileState | undefined> {
    const claim = (record: FileState | undefined) => {
      const { work } = record ?? {}
      const isWaiting = record && work && (!this.rules.isWorkedOn(record) || (work.scheduled && !work.begun))
      const isFree = !record || work?.token === token || isWaiting
      return isFree ? this.rules.claimed(record, { ...work, token, begun: true }) : undefined
    }
    this.#held = await this.state.change(this.key, claim, this.#heldBy(token))
    return this.#held
  }

  /** Renews the lease of a token; resolves to whether it was still that of the token. */
  renew(token: string, more?: Pick<Work, 'scheduled'>): Promise<boolean> {
    return this.#changeAs(token, (held) => this.rules.claimed(held, { ...held.work, ...more, token }))
  }

  /** Ends the lease of a token, leaving the rest as it was. Resolves to whether it was still that of the token. */
  async release(token: string): Promise<boolean> {
    const end = (record: FileState | undefined) => {
      const { work, ...rest } = record ?? {}
      return work?.token === token ? rest : undefined
    }
    return (await this.state.change(this.key, end, this.#heldBy(token))) !== undefined
  }

  /**
   * Changes the stored bytes on behalf of the bearer of a token, and what is known of them, unless the source has changed
   * since. Resolves to whether the claim was theirs from beginning to end; if not, all of it begins again.
   */
  async replace(token: string, since: string | undefined, store: Store, known: Knowledge): Promise<boolean> {
    const [hasChanged, isHeld] = await Promise.all([this.#hasChanged(since), this.renew(token)])
    return !hasChanged && isHeld && this.#replace(token, since, store, known)
  }

  /** From now on what was made, or is being made, is old. Failures are forgotten: the source may be another. */
  async invalidate(): Promise<void> {
    await this.state.change(this.key, ({ version, absentUntil, work, failure, ...rest } = { version: '' }) => ({
      ...rest,
      stale: true,
    }))
  }

  /** Storage has lost what a record says it holds. */
  async lost(record: FileState): Promise<void> {
    await this.state.swap(this.key, record, this.rules.absent())
  }

  /** Removes the bytes, taking the work away from whoever has it, and letting nobody make new ones meanwhile. */
  async drop(): Promise<void> {
    const token = randomUUID()
    await this.state.change(this.key, () => this.rules.claimed(undefined, { token }))
    const since = (await this.latestChange())?.version
    const remove: Store = (storage) => storage.delete(this.name)
    await this.#replace(token, since, remove, this.rules.absent()).finally(() => this.release(token))
  }

  async #replace(token: string, since: string | undefined, store: Store, known: Knowledge): Promise<boolean> {
    await this.storage(store)
    // Either a change of the source is seen here, or whoever announced it finds the written file.
    if (!(await this.#hasChanged(since)) && (await this.#changeAs(token, () => known))) return true
    // What was stored without a claim may be older than what it replaced.
    await this.state.change(this.key, () => this.rules.claimed(undefined, { token }))
    return false
  }

  /** A failure is not believed any more once its source was saved. */
  async #isOutdated({ change, until }: Failure): Promise<boolean> {
    return this.rules.isAhead(until, this.rules.times.failedAtMost) && this.#hasChanged(change)
  }

  /** Whether a change of the source was announced after another one. What a cache does not know was not announced. */
  async #hasChanged(since: string | undefined): Promise<boolean> {
    const latest = await this.latestChange()
    return latest !== undefined && latest.version !== since
  }

  #heldBy(token: string): FileState | undefined {
    return this.#held?.work?.token === token ? this.#held : undefined
  }

  /** Whoever takes work away leaves a record: one that the cache forgot is nobody else's. */
  async #changeAs(token: string, next: (held: Partial<FileState>) => Knowledge): Promise<boolean> {
    const own = (record: FileState | undefined) =>
      !record || record.work?.token === token ? next(record ?? {}) : undefined
    this.#held = await this.state.change(this.key, own, this.#heldBy(token))
    return this.#held !== undefined
  }
}

/** Where the latest change of a source is noted. */
export function changeKey(sourceName: string): string {
  return `source|${sourceHash(sourceName)}`
}
