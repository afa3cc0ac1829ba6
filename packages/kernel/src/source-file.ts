import { hash } from 'node:crypto'
import type { SourceHandle } from './contracts/source.ts'
import { errors } from './error-catalogue.ts'
import { isLatentImageError, type LatentImageError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import type { PluginScope } from './plugin-scope.ts'
import type { SourceResult } from './source-changes.ts'
import { findSource } from './source-finder.ts'
import { isKey } from './storage-key.ts'

/** What `save` resolves to. */
export interface SavedSource {
  /** A checksum of the bytes: given as the source's `revision`, it makes the names of derivatives change with them. */
  readonly revision: string
  /** What became of the derivatives. */
  readonly saved: readonly SourceResult[]
}

/** An original as a file, in whichever storage holds sources. */
export class SourceFile {
  readonly name: string
  readonly #kernel: Kernel
  readonly #scopes: readonly PluginScope[]

  /** @internal */
  constructor(kernel: Kernel, name: string, scopes: readonly PluginScope[]) {
    this.#kernel = kernel
    this.name = name
    this.#scopes = scopes
  }

  async exists(): Promise<boolean> {
    return (await this.#find()) !== undefined
  }

  /** All its bytes; rejects with `FILE_NOT_FOUND`. */
  async bytes(): Promise<Uint8Array> {
    const handle = await this.#find()
    if (!handle) throw errors.FILE_NOT_FOUND({ key: this.name })
    return attempt(
      () => handle.open(),
      (cause) => errors.SOURCE_UNREADABLE({ file: `\`${this.name}\`` }, cause),
    )
  }

  /** Creates or replaces the original, atomically, and then does what `kernel.sourceSaved` does. */
  async save(data: Uint8Array): Promise<SavedSource> {
    const handle = (await this.#find()) ?? (await this.#find({ create: true }))
    const save = handle?.save?.bind(handle)
    if (!save) throw this.#refused()
    await this.#kernel.track(attempt(() => save(data), this.#unwritable))
    const revision = hash('sha256', data, 'hex').slice(0, 16)
    return { revision, saved: await this.#kernel.sourceSaved(this.name) }
  }

  /** Removes the original, and then does what `kernel.sourceDeleted` does. One that is absent is fine. */
  async delete(): Promise<readonly SourceResult[]> {
    const handle = await this.#find()
    if (handle && !handle.delete) throw this.#refused()
    await this.#kernel.track(attempt(async () => handle?.delete?.(), this.#unwritable))
    return this.#kernel.sourceDeleted(this.name)
  }

  #refused(): LatentImageError {
    // Storages do not know such names.
    if (!isKey(this.name)) return errors.INVALID_KEY({ key: JSON.stringify(this.name) })
    return errors.SOURCE_READ_ONLY({ name: this.name })
  }

  readonly #unwritable = (cause: unknown) => errors.SOURCE_UNWRITABLE({ name: this.name }, cause)

  #find(query = { create: false }): Promise<SourceHandle | undefined> {
    return findSource(this.#scopes, this.name, query)
  }
}

/** What is thrown without a code of ours becomes the cause of an error that has one. */
async function attempt<Answer>(
  work: () => Promise<Answer>,
  wrap: (cause: unknown) => LatentImageError,
): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    throw isLatentImageError(error) ? error : wrap(error)
  }
}
