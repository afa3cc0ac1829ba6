import type { Sharp } from 'sharp'
import type { Channels } from './color.ts'
import type { Region, Size, Turn } from './geometry.ts'

/** Decoded pixels: 8 bits per channel, sRGB, row by row. */
export interface Pixels extends Size {
  readonly data: Uint8Array
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: 1 | 2 | 3 | 4
}

export interface Edges {
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}

/** What an effect can use beside the pixels. */
export interface EffectContext extends Size {
  /** Opens an image by name: with the spec's `openImage`, or else where the kernel finds sources. */
  openImage(name: string): Promise<Uint8Array>
}

/** Works on the pixels with sharp. It is called once per frame of an animation. */
export type Effect = (image: Sharp, context: EffectContext) => Sharp | Promise<Sharp>

/** Finds a region by looking at the pixels. It is called once per picture, with the first frame of an animation. */
export type Finder = (pixels: Pixels) => Region | Promise<Region>

/** What is to be done to pixels, in order. */
export type Operation =
  | { readonly kind: 'extract'; readonly region: Region }
  | { readonly kind: 'resize'; readonly size: Size }
  | { readonly kind: 'turn'; readonly turn: Turn }
  | { readonly kind: 'extend'; readonly edges: Edges; readonly color: Channels }
  | EffectOperation
  | FindOperation

export interface EffectOperation {
  readonly kind: 'effect'
  readonly effect: Effect
  readonly before: Size
  /** Left out where only making it tells. */
  readonly after?: Size | undefined
  /** Name of the processor that asks for it. */
  readonly processor: string
}

export interface FindOperation {
  readonly kind: 'find'
  readonly find: Finder
  readonly size?: Size | undefined
  readonly processor: string
}
