/** One page's tags. */
export interface Directory {
  readonly start: number
  readonly count: number
  /** Where the next one begins; 0 if there is none. */
  readonly next: number
}

/** One or more numbers. */
export interface Tag {
  readonly count: number
  readonly at: number
  /** Bytes of each number. */
  readonly width: number
}

/** Bytes of the types that count and point: SHORT, LONG, IFD, LONG8, IFD8. */
const widths: Readonly<Record<number, number>> = { 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 }

/** Reads the tags of a TIFF, in either order of bytes, with offsets of 4 or (BigTIFF) 8 bytes. */
export class TiffFile {
  readonly data: Buffer
  readonly #isLittle: boolean
  readonly #isBig: boolean
  /** Bytes of an offset. */
  readonly #pointer: number

  constructor(data: Buffer) {
    this.data = data
    this.#isLittle = data[0] === 0x49
    this.#isBig = this.#number(2, 2) === 43
    this.#pointer = this.#isBig ? 8 : 4
  }

  get firstOffset(): number {
    return this.#number(this.#pointer, this.#pointer)
  }

  /** `undefined` if some of it lies beyond the end. */
  directoryAt(start: number): Directory | undefined {
    const count = this.#number(start, this.#headLength)
    const end = start + this.#headLength + count * this.#entryLength
    const next = this.#number(end, this.#pointer)
    return Number.isNaN(next) ? undefined : { start, count, next }
  }

  tag({ start, count }: Directory, id: number): Tag | undefined {
    for (let index = 0; index < count; index++) {
      const entry = start + this.#headLength + index * this.#entryLength
      if (this.#number(entry, 2) === id) return this.#tagAt(entry)
    }
    return undefined
  }

  /** NaN beyond the end. */
  valueOf({ at, width }: Tag, index: number): number {
    return this.#number(at + index * width, width)
  }

  /** A copy in which a directory is the last. */
  upTo({ start, count }: Directory): Buffer {
    const copy = Buffer.from(this.data)
    const end = start + this.#headLength + count * this.#entryLength
    return copy.fill(0, end, end + this.#pointer)
  }

  /** What fits into an entry is in it; else there is an offset. */
  #tagAt(entry: number): Tag {
    const width = widths[this.#number(entry + 2, 2)] ?? 1
    const count = this.#number(entry + 4, this.#pointer)
    const value = entry + 4 + this.#pointer
    const at = count * width > this.#pointer ? this.#number(value, this.#pointer) : value
    return { count, at, width }
  }

  get #headLength(): number {
    return this.#isBig ? 8 : 2
  }

  get #entryLength(): number {
    return this.#isBig ? 20 : 12
  }

  /** NaN beyond the end. */
  #number(at: number, width: number): number {
    if (!(at >= 0 && at + width <= this.data.length)) return Number.NaN
    if (width < 8) return this.#isLittle ? this.data.readUIntLE(at, width) : this.data.readUIntBE(at, width)
    return Number(this.#isLittle ? this.data.readBigUInt64LE(at) : this.data.readBigUInt64BE(at))
  }
}
