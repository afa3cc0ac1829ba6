import type { Raster } from './material.ts'

interface Entry {
  readonly data: Uint8Array
  readonly key: string
  readonly raster: Promise<Raster>
  users: number
}

/** A share in a decoding; to be released when the pixels are not needed any more. */
export interface Share {
  readonly raster: Promise<Raster>
  release(): void
}

/**
 * Lets derivatives that are made at the same time from equal bytes, beginning with the same pass, decode them once. What
 * is shared is what each would have made for itself, so nobody's bytes depend on who else is at work. It holds only work
 * in hand: an entry lives as long as its users.
 */
export class SharedDecoding {
  readonly #entries = new Set<Entry>()

  /** How many decodings are held at the moment. */
  get size(): number {
    return this.#entries.size
  }

  /**
   * Joins a decoding, or begins it.
   *
   * @param key - All that the pixels depend on beside the bytes.
   */
  join(data: Uint8Array, key: string, decode: () => Promise<Raster>): Share {
    const entry = this.#find(data, key) ?? this.#begin(data, key, decode)
    entry.users++
    let isReleased = false
    const release = () => {
      if (isReleased) return
      isReleased = true
      entry.users--
      if (entry.users === 0) this.#entries.delete(entry)
    }
    return { raster: entry.raster, release }
  }

  /** Whether a decoding is under way, or done and still in use. */
  has(data: Uint8Array, key: string): boolean {
    return this.#find(data, key) !== undefined
  }

  /** Bytes are compared, not names: two sources of one name in two storages are not one picture. It costs 0.1 ms per MB. */
  #find(data: Uint8Array, key: string): Entry | undefined {
    for (const entry of this.#entries) {
      if (entry.key === key && (entry.data === data || Buffer.compare(entry.data, data) === 0)) return entry
    }
    return undefined
  }

  #begin(data: Uint8Array, key: string, decode: () => Promise<Raster>): Entry {
    const entry: Entry = { data, key, raster: decode(), users: 0 }
    this.#entries.add(entry)
    // Whoever comes after a failure tries for himself.
    entry.raster.catch(() => this.#entries.delete(entry))
    return entry
  }
}
