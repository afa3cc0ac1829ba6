import type { ImageCacheFile } from '@latent-image/kernel'

/** Claims files for jobs that a queue has accepted already: the backend is asked as always, but has nothing to add then. */
export class Claims {
  readonly #wanted = new Map<string, { token?: string }>()

  /** Resolves to the token of the claim; to undefined where there is none to be had: the file is there, or scheduled. */
  async claim(id: string, file: ImageCacheFile): Promise<string | undefined> {
    const wanted: { token?: string } = {}
    this.#wanted.set(id, wanted)
    try {
      await file.generate()
    } finally {
      this.#wanted.delete(id)
    }
    return wanted.token
  }

  /** For the backend that is asked: whether the claim is one of these. */
  take(id: string, token: string): boolean {
    const wanted = this.#wanted.get(id)
    if (wanted) wanted.token = token
    return wanted !== undefined
  }
}
