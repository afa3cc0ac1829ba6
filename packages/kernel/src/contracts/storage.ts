/**
 * Where bytes live. Keys are relative paths with `/` between segments; a storage refuses one that could leave its root
 * (`INVALID_KEY`, see `assertKey`). Every method may be called concurrently, for the same key too.
 */
export interface Storage {
  /**
   * Stores bytes under a key, creates what lies above it, and replaces what was there. The bytes appear whole or not at
   * all: a reader sees the old ones or the new ones, and after a crash or a full disk the old ones.
   *
   * @param info - `type` is the media type of the bytes, such as `image/webp`.
   */
  write(key: string, data: Uint8Array, info: { readonly type: string }): Promise<void>
  /** Resolves to the whole content; rejects with `FILE_NOT_FOUND`. */
  read(key: string): Promise<Uint8Array>
  /** The content as a web stream; rejects with `FILE_NOT_FOUND` before the first byte is asked for. */
  stream(key: string): Promise<ReadableStream<Uint8Array>>
  /** Size in bytes and time of the last change, or `undefined` where there is no such file. */
  stat(key: string): Promise<{ readonly size: number; readonly modifiedAt: Date } | undefined>
  /** Removes a file. One that is absent is fine. */
  delete(key: string): Promise<void>
  /** The keys that begin with a string (`a/` for a folder; `a` finds `ab` too), in no order, without temporary files. */
  list(prefix?: string): AsyncIterable<string>
  /** Address of a file, percent-encoded per segment; no check that it exists. A promise where it must be signed. */
  url(key: string): string | Promise<string>
  /** Absolute path of a file, for storages that have paths; no check that it exists. */
  path?(key: string): string
}
