import { setImmediate } from 'node:timers/promises'
import type { Raster } from './material.ts'

/** What a derivative begins with, by keys that say all that pixels depend on beside the bytes of the source. */
export interface Beginning {
  /** The pixels that its first pass makes of the source. */
  readonly pass: string
  /** The pixels of the whole source, where the first pass makes the same of them as of the source itself. */
  readonly whole?: string | undefined
}

/** What of a beginning is worth being made for all, since others need it too. */
export type Shared = { readonly [Part in keyof Beginning]-?: boolean }

/** A place among those who work on equal bytes. */
export interface Seat {
  /** Says what is going to be needed, and resolves to what of it is shared. */
  settle(beginning: Beginning): Promise<Shared>
  /** The pixels of this key, made by whoever asks first. */
  pixels(key: string, make: () => Promise<Raster>): Promise<Raster>
  /** To be called when the work is done, however it ended. */
  leave(): void
}

/** Everybody who is at work on equal bytes. */
interface Table {
  readonly data: Uint8Array
  /** What each of them needs, once that is known. */
  readonly seats: Map<object, Beginning | undefined>
  readonly rasters: Map<string, Promise<Raster>>
}

/** Milliseconds for which a seat is kept: whoever is next in a backend's gate comes a moment after who was before. */
const lingering = 100

/**
 * Lets derivatives that are made at the same time from equal bytes decode them once. What is shared is what each would
 * have made for itself, so nobody's bytes depend on who else is at work. It holds only work in hand: pixels are kept
 * while somebody needs them, has come and may need them, or has only just left.
 */
export class SharedDecoding {
  readonly #tables = new Set<Table>()

  /** Whether nothing is kept. */
  get isIdle(): boolean {
    return this.#tables.size === 0
  }

  /** Takes a place. Bytes are compared, not names: equal names in two storages are not one picture. */
  enter(data: Uint8Array): Seat {
    const table = this.#find(data) ?? this.#lay(data)
    const place = {}
    table.seats.set(place, undefined)
    return {
      settle: async (beginning) => {
        table.seats.set(place, beginning)
        // Those who began together are given time to say so.
        await setImmediate()
        return sharedOf(table, beginning)
      },
      pixels: (key, make) => table.rasters.get(key) ?? begin(table, key, make),
      leave: () => void setTimeout(() => this.#clear(table, place), lingering).unref(),
    }
  }

  #find(data: Uint8Array): Table | undefined {
    for (const table of this.#tables) {
      if (table.data === data || Buffer.compare(table.data, data) === 0) return table
    }
    return undefined
  }

  #lay(data: Uint8Array): Table {
    const table: Table = { data, seats: new Map(), rasters: new Map() }
    this.#tables.add(table)
    return table
  }

  #clear(table: Table, place: object): void {
    table.seats.delete(place)
    if (table.seats.size === 0) this.#tables.delete(table)
    const needs = [...table.seats.values()]
    if (needs.includes(undefined)) return
    const needed = new Set(needs.flatMap((beginning) => [beginning?.pass, beginning?.whole]))
    for (const key of table.rasters.keys()) if (!needed.has(key)) table.rasters.delete(key)
  }
}

function sharedOf({ seats, rasters }: Table, { pass, whole }: Beginning): Shared {
  const others = [...seats.values()]
  const alike = others.filter((other) => other?.pass === pass)
  // Pixels that only one pass works on are best made by that pass.
  const passes = new Set(others.filter((other) => other?.whole === whole).map((other) => other?.pass))
  return {
    pass: alike.length > 1 || rasters.has(pass),
    whole: whole !== undefined && (passes.size > 1 || rasters.has(whole)),
  }
}

function begin({ rasters }: Table, key: string, make: () => Promise<Raster>): Promise<Raster> {
  const raster = make()
  rasters.set(key, raster)
  // Whoever comes after a failure tries for himself.
  raster.catch(() => rasters.delete(key))
  return raster
}
