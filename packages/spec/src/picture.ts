import { assertChannels, type Channels } from './color.ts'
import {
  assertEdges,
  assertInside,
  assertSize,
  assertTurn,
  composeTurns,
  inverseTurn,
  isUpright,
  type Region,
  type Size,
  type Turn,
  turnRegion,
  turnSize,
  upright,
} from './geometry.ts'
import type { Edges, Effect, Finder, Operation } from './operations.ts'

interface PictureState {
  /** Before `turn`. */
  readonly size: Size
  readonly operations: readonly Operation[]
  /** Not yet among the operations: it commutes with cutting and scaling, and is cheapest when done last. */
  readonly turn: Turn
  /** What would bring the picture upright, where that was not done at once. */
  readonly orientation: Turn
  readonly settled: boolean
  /** The one with most pixels on the way: what is enlarged and then cut off has to be made, too. */
  readonly largest: Size
  /** Name of the processor that is at work. */
  readonly processor: string
}

/**
 * A picture on its way through the processors of a spec: its size, and what is to be done to it. Immutable, without
 * pixels: each method returns another picture. That is how the same code predicts a size and makes an image.
 */
export class Picture {
  readonly #state: PictureState

  private constructor(state: PictureState) {
    this.#state = state
  }

  /** @param orientation - What would bring the picture upright. */
  static of(size: Size, orientation: Turn = upright): Picture {
    return new Picture({
      size,
      operations: [],
      turn: upright,
      orientation,
      settled: true,
      largest: size,
      processor: '',
    })
  }

  /** The same picture at the beginning of a processor's work. */
  handedTo(processor: string): Picture {
    return new Picture({ ...this.#state, processor })
  }

  /** The picture after all its operations were done, when its size is known. */
  continueAt(size: Size): Picture {
    return new Picture({ ...this.#state, size, operations: [], turn: upright, settled: true, largest: size })
  }

  /** Pixels. */
  get width(): number {
    return this.size.width
  }

  /** Pixels. */
  get height(): number {
    return this.size.height
  }

  get size(): Size {
    if (!this.settled) throw new Error('The size of this picture is known only after it was made: return it first')
    return turnSize(this.#state.size, this.#state.turn)
  }

  /** Whether the size is known. */
  get settled(): boolean {
    return this.#state.settled
  }

  /** The size with most pixels that the picture has on its way. */
  get largest(): Size {
    return this.#state.largest
  }

  /** What has to be done to the pixels that the picture started from. */
  get operations(): readonly Operation[] {
    const { operations, turn } = this.#state
    return isUpright(turn) ? operations : [...operations, { kind: 'turn', turn }]
  }

  /** Scales to exactly this size, whatever that does to the proportions. */
  resize(width: number, height: number): Picture {
    if (width === this.width && height === this.height) return this
    const size = turnSize(assertSize({ width, height }), this.#state.turn)
    return this.#with({ kind: 'resize', size }, { size })
  }

  /** Keeps only a region, which must lie inside. */
  extract(region: Region): Picture {
    const { left, top, width, height } = assertInside(region, this.size)
    if (width === this.width && height === this.height) return this
    const inside = turnRegion({ left, top, width, height }, inverseTurn(this.#state.turn), this.size)
    return this.#with({ kind: 'extract', region: inside }, { size: { width: inside.width, height: inside.height } })
  }

  /** Mirrors and turns. */
  turn(turn: Turn): Picture {
    return new Picture({ ...this.#state, turn: composeTurns(this.#state.turn, assertTurn(turn)) })
  }

  /** Turns the picture as its EXIF orientation asks for, where that was not done at once. */
  bringUpright(): Picture {
    return new Picture({ ...this.turn(this.#state.orientation).#state, orientation: upright })
  }

  /** Adds edges of a color. */
  extend(edges: Edges, color: Channels): Picture {
    const { top, right, bottom, left } = assertEdges(edges)
    const background = assertChannels(color)
    if (!(top || right || bottom || left)) return this
    const size = assertSize({ width: this.width + left + right, height: this.height + top + bottom })
    return this.#laidDown().#with({ kind: 'extend', edges: { top, right, bottom, left }, color: background }, { size })
  }

  /** Works on the pixels with sharp, and keeps the size. */
  effect(effect: Effect): Picture {
    return this.redraw(effect, this.size)
  }

  /** Works on the pixels with sharp, and changes the size: to the one given, or to one that nobody knows beforehand. */
  redraw(effect: Effect, size?: Size): Picture {
    const { processor } = this.#state
    assertFunction(effect)
    const operation: Operation = { kind: 'effect', effect, before: this.size, after: size, processor }
    return this.#laidDown().#with(operation, size ? { size: assertSize(size) } : { settled: false })
  }

  /** Keeps only a region that is found by looking at the pixels; its size is given where it is known beforehand. */
  extractWhere(find: Finder, size?: Size): Picture {
    assertFunction(find)
    const operation: Operation = { kind: 'find', find, size, processor: this.#state.processor }
    return this.#laidDown().#with(operation, size ? { size: assertSize(size) } : { settled: false })
  }

  #with(operation: Operation, change: Partial<PictureState>): Picture {
    const { operations, size: before, largest } = this.#state
    const { size = before } = change
    return new Picture({
      ...this.#state,
      operations: [...operations, operation],
      ...change,
      largest: area(size) > area(largest) ? size : largest,
    })
  }

  #laidDown(): Picture {
    return new Picture({ ...this.#state, operations: this.operations, size: this.size, turn: upright })
  }
}

function assertFunction(work: unknown): void {
  if (typeof work !== 'function') throw new TypeError('Work on pixels is given as a function')
}

function area({ width, height }: Size): number {
  return width * height
}
