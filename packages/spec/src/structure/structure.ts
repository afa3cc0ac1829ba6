/** What a file's own structure tells, before a decoder sees any of it. */
export interface Structure {
  /** Whether the file goes on to its end. */
  readonly isWhole: boolean
  /** Frames of an animation, or pages. @default 1 */
  readonly frames?: number
  /** How often a decoder goes over the whole picture. @default 1 */
  readonly scans?: number
  /** The file without what its pixels do not depend on, where that could swallow a decoder's time or memory. */
  readonly essence?: Uint8Array
}

export const broken: Structure = { isWhole: false }
