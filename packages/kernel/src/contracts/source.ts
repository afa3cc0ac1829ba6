import type { JsonValue } from './json-value.ts'

/** An original: what derivatives are made from. */
export interface Source {
  readonly name: string
  /** A checksum, an ETag, a row's updated-at: another revision gives derivatives another name. No line breaks. */
  readonly revision?: string
  /** Handed to dynamic specs (a focal point, say); reaches a file's name only through the spec that comes out. */
  readonly attributes?: JsonValue
  /** Resolves to all its bytes; rejects with `FILE_NOT_FOUND` (or `ENOENT`) where there are none. */
  open(): Promise<Uint8Array>
}

/** A source as plain data: what dynamic specs and namers see, and what travels in a file's reference. */
export type SourceReference = Omit<Source, 'open'>

/** A source found by name, with what its holder allows. */
export interface SourceHandle extends Source {
  /** Creates or replaces the original, atomically. */
  save?(data: Uint8Array): Promise<void>
  /** Removes the original. One that is absent is fine. */
  delete?(): Promise<void>
}

/** What a source group tells: a source with the params to use, either of them optional. */
export interface SourceGroupItem {
  readonly source?: Source | SourceReference | string
  readonly params?: JsonValue
}

/** Receives what a watching source group notices. */
export interface SourceWatcher {
  saved(source: Source | SourceReference | string): void
  deleted(source: Source | SourceReference | string): void
}

/** Which sources belong to which generators. */
export interface SourceGroup {
  /** Enumerates the sources as a stream: a million of them need not fit in memory. */
  items(): AsyncIterable<SourceGroupItem>
  /** Whether a name given to `kernel.sourceSaved` is one of its own. Left out: no name is. */
  includes?(name: string): boolean
  /** Reports changes until the returned function is called. */
  watch?(on: SourceWatcher): Promise<() => Promise<void>>
}

/** A source group and the generators it feeds. */
export interface TiedSourceGroup extends SourceGroup {
  /** Pattern of generator ids. */
  readonly for: string
}
