import type { ImageCacheFile } from './image-cache-file.ts'
import { registered } from './registered-generator.ts'

/** What was read of a source, or is being read. */
interface Read {
  readonly source: string
  /** The latest change of the source that was known before. */
  readonly change: string | undefined
  readonly bytes: Promise<Uint8Array>
}

/** Sources at the most whose bytes are held. */
const mostHeld = 4

/** Files that are made of one source at the same time read it once. Its bytes are held no longer than they are made. */
export class SourceReads {
  /** How many files are being made, or are about to be, by key of their source. */
  readonly #users = new Map<string, number>()
  readonly #held = new Map<string, Read>()

  /** Does work on a file; what is read of its source meanwhile is there for others. */
  async during<Result>(file: ImageCacheFile, work: () => Promise<Result>): Promise<Result> {
    const key = keyOf(file)
    if (key === undefined) return work()
    this.#users.set(key, (this.#users.get(key) ?? 0) + 1)
    try {
      return await work()
    } finally {
      const left = (this.#users.get(key) ?? 1) - 1
      this.#users.set(key, left)
      if (left === 0) for (const map of [this.#users, this.#held]) map.delete(key)
    }
  }

  /** The bytes of a file's source, read after a change that is known. */
  read(file: ImageCacheFile, change: string | undefined, open: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const key = keyOf(file)
    if (key === undefined || !this.#users.has(key)) return open()
    const held = this.#held.get(key)
    if (held && held.change === change) return held.bytes
    const read: Read = { source: file.source?.name ?? '', change, bytes: open() }
    this.#held.set(key, read)
    const [oldest] = this.#held.size > mostHeld ? this.#held.keys() : []
    if (oldest !== undefined) this.#held.delete(oldest)
    // Whoever comes after a failure tries for himself.
    read.bytes.catch(() => this.#held.get(key) === read && this.#held.delete(key))
    return read.bytes
  }

  /** From now on a source is read anew. */
  forget(source: string | undefined): void {
    for (const [key, held] of this.#held) if (held.source === source) this.#held.delete(key)
  }
}

/** Tells apart what may have other bytes; undefined for sources that bring their own. */
function keyOf({ generator, origin }: ImageCacheFile): string | undefined {
  if (!origin || origin.open || origin.file) return undefined
  const { name, revision = '' } = origin.reference
  const places = registered(generator).sources.map(({ path }) => path)
  return [...places, revision, name].join('\n')
}
