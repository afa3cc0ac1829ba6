import type { FileState } from './contracts/state-cache.ts'
import type { Storage } from './contracts/storage.ts'
import { errors } from './error-catalogue.ts'
import { isLatentImageError } from './errors.ts'
import { sourceHash } from './names/file-name.ts'
import type { RegisteredGenerator } from './registered-generator.ts'
import type { StateRules } from './state.ts'
import type { StateStore } from './state-store.ts'

/** What a record says beside its version. */
export type Knowledge = Omit<FileState, 'version'>

// Losing a swap means that another one won it, so this many losses in a row are a cache that does not work.
const mostTries = 100

/** One file's record in the state cache and its bytes in storage, which change together. */
export class FileRecord {
  readonly name: string
  readonly key: string
  readonly rules: StateRules
  readonly #generator: RegisteredGenerator
  readonly #sourceName: string | undefined

  constructor(generator: RegisteredGenerator, name: string, rules: StateRules, sourceName?: string) {
    this.#generator = generator
    this.name = name
    this.key = generator.stateKey(name)
    this.rules = rules
    this.#sourceName = sourceName
  }

  get state(): StateStore {
    return this.#generator.state
  }

  /** Calls the storage; what it throws becomes `STORAGE_FAILED`, unless it has a code of ours. */
  async storage<Answer>(call: (storage: Storage) => Answer | Promise<Answer>): Promise<Answer> {
    const { storage } = this.#generator
    try {
      return await call(storage)
    } catch (error) {
      if (isLatentImageError(error)) throw error
      throw errors.STORAGE_FAILED({ name: this.name, generator: this.#generator.id }, error)
    }
  }

  /** The latest change announced of the file's source. */
  async latestChange(): Promise<FileState | undefined> {
    return this.#sourceName === undefined ? undefined : this.state.get(changeKey(this.#sourceName))
  }

  /** What is known; storage is asked once where nothing is. Its answer counts only if nothing was learned meanwhile. */
  async look(): Promise<FileState> {
    for (let tries = 0; tries < mostTries; tries++) {
      const record = await this.state.get(this.key)
      const isOutdated = record?.failure && record.failure.change !== (await this.latestChange())?.version
      if (record && !isOutdated && this.rules.isKnown(record)) return record
      const found = await this.storage((storage) => storage.stat(this.name))
      const kept = !isOutdated && record?.failure && { failure: record.failure }
      const looked = await this.state.swap(
        this.key,
        record,
        found ? { bytes: 'present' } : this.rules.absent(kept || {}),
      )
      if (looked) return looked
    }
    throw errors.STATE_CONFLICT({ name: this.name })
  }

  /** Changes the record until a swap succeeds. Resolves to `undefined` where `next` declines to change it. */
  async change(next: (record: FileState | undefined) => Knowledge | undefined): Promise<FileState | undefined> {
    for (let tries = 0; tries < mostTries; tries++) {
      const record = await this.state.get(this.key)
      const knowledge = next(record)
      if (!knowledge) return undefined
      const changed = await this.state.swap(this.key, record, knowledge)
      if (changed) return changed
    }
    throw errors.STATE_CONFLICT({ name: this.name })
  }

  /** Changes the record on behalf of the bearer of a token; resolves to `undefined` if the lease is another's by now. */
  changeAs(token: string, next: (record: FileState) => Knowledge): Promise<FileState | undefined> {
    return this.change((record) => (record?.work?.token === token ? next(record) : undefined))
  }

  /** Ends the lease of a token, leaving the rest as it was. Resolves to whether it was still that of the token. */
  async release(token: string): Promise<boolean> {
    return !!(await this.changeAs(token, ({ work, ...rest }) => rest))
  }

  /** A new lease. */
  lease(token: string): { readonly token: string; readonly until: number } {
    return { token, until: this.rules.now() + this.rules.times.lease }
  }

  /**
   * From now on what was made, or is being made, is old. Failures are forgotten: the source may be another.
   *
   * @returns Whether there are old bytes.
   */
  async invalidate(): Promise<boolean> {
    const marked = await this.change((record) => ({ ...described(record), stale: true }))
    if (!marked || marked.bytes) return marked?.bytes === 'present'
    // Marked before storage is asked, which may fail.
    const found = await this.storage((storage) => storage.stat(this.name))
    await this.state.swap(this.key, marked, { bytes: found ? 'present' : 'absent', stale: true })
    return found !== undefined
  }

  /** Storage has lost what a record says it holds. */
  async lost(record: FileState): Promise<void> {
    await this.state.swap(this.key, record, this.rules.absent())
  }

  /** Removes the bytes, taking the work away from whoever has it. */
  async drop(token: string): Promise<void> {
    await this.change((record) => ({ ...described(record), stale: true, work: this.lease(token) }))
    await this.#remove(token, this.rules.absent())
  }

  /** Removes the bytes on behalf of the bearer of a token; resolves to whether the claim was still theirs. */
  async dropAs(token: string, known: (record: FileState) => Knowledge): Promise<boolean> {
    const record = await this.changeAs(token, (held) => ({ ...held, stale: true, work: this.lease(token) }))
    if (record && record.bytes !== 'absent') await this.#remove(token, known(record))
    else if (record) await this.changeAs(token, () => known(record))
    return !!record
  }

  /** Deletes under a lease, so that nobody makes new bytes meanwhile; the record says `absent` only when they are gone. */
  async #remove(token: string, known: Knowledge): Promise<void> {
    await this.storage((storage) => storage.delete(this.name))
    await this.changeAs(token, () => known)
  }
}

/** Where the latest change of a source is noted. */
export function changeKey(sourceName: string): string {
  return `source|${sourceHash(sourceName)}`
}

/** What a record says of the bytes. */
export function described(record: FileState | undefined): Knowledge {
  return { ...(record?.bytes && { bytes: record.bytes }), ...(record?.facts && { facts: record.facts }) }
}
