import type { Raster } from './material.ts'

interface Entry {
  readonly raster: Promise<Raster>
  users: number
}

/** Everybody who is at work on equal bytes. */
interface Table {
  readonly data: Uint8Array
  readonly entries: Map<string, Entry>
  seats: number
  /** Those who have not said yet which pixels they need. */
  undecided: number
}

/** A place among those who work on equal bytes. */
export interface Seat {
  /**
   * Joins the decoding that makes the pixels of this key, or begins it. To be called once.
   *
   * @param key - All that the pixels depend on beside the bytes.
   */
  join(key: string, decode: () => Promise<Raster>): Promise<Raster>
  /** Whether others need the pixels of this key. */
  isWanted(key: string): boolean
  /** To be called when the work is done, however it ended. */
  leave(): void
}

/**
 * Lets derivatives that are made at the same time from equal bytes, beginning with the same pass, decode them once. What
 * is shared is what each would have made for itself, so nobody's bytes depend on who else is at work. It holds only work
 * in hand: pixels are kept while somebody uses them, or has just come and may want them.
 */
export class SharedDecoding {
  readonly #tables = new Set<Table>()

  /** Whether nobody is at work. */
  get isIdle(): boolean {
    return this.#tables.size === 0
  }

  /** Takes a place. Bytes are compared, not names: equal names in two storages are not one picture. */
  enter(data: Uint8Array): Seat {
    const table = this.#find(data) ?? this.#lay(data)
    table.seats++
    table.undecided++
    let entry: Entry | undefined
    let isUndecided = true
    const decide = () => {
      if (isUndecided) table.undecided--
      isUndecided = false
      clear(table)
    }
    return {
      join: (key, decode) => {
        entry = table.entries.get(key) ?? begin(table, key, decode)
        entry.users++
        decide()
        return entry.raster
      },
      isWanted: (key) => table.entries.has(key),
      leave: () => {
        if (entry) entry.users--
        table.seats--
        decide()
        if (table.seats === 0) this.#tables.delete(table)
      },
    }
  }

  #find(data: Uint8Array): Table | undefined {
    for (const table of this.#tables) {
      if (table.data === data || Buffer.compare(table.data, data) === 0) return table
    }
    return undefined
  }

  #lay(data: Uint8Array): Table {
    const table: Table = { data, entries: new Map(), seats: 0, undecided: 0 }
    this.#tables.add(table)
    return table
  }
}

function begin({ entries }: Table, key: string, decode: () => Promise<Raster>): Entry {
  const entry: Entry = { raster: decode(), users: 0 }
  entries.set(key, entry)
  // Whoever comes after a failure tries for himself.
  entry.raster.catch(() => entries.delete(key))
  return entry
}

function clear({ entries, undecided }: Table): void {
  if (undecided > 0) return
  for (const [key, { users }] of entries) if (users === 0) entries.delete(key)
}
