import type { Sharp } from 'sharp'
import type { Channels } from './color.ts'
import { type Region, type Size, type Turn, turnRegion, upright } from './geometry.ts'
import type { Edges, EffectOperation, FindOperation, Operation } from './operations.ts'

/**
 * What one run of sharp can do. sharp has an order of its own, whatever the order of its calls: cut, scale, turn, cut,
 * extend. So operations are packed into as few passes as that order allows.
 */
export interface GeometryPass {
  readonly kind: 'geometry'
  readonly before?: Region
  readonly resize?: Size
  readonly turn?: Turn
  readonly after?: Region
  readonly extend?: { readonly edges: Edges; readonly color: Channels }
}

export type Pass = GeometryPass | EffectOperation | FindOperation

/** Leaves everything as it is. */
export const nothing: GeometryPass = { kind: 'geometry' }

/**
 * Packs operations into passes.
 *
 * @param source - What they begin with, where that is not pixels yet.
 */
export function passesOf(operations: readonly Operation[], source?: { readonly isGrey: boolean }): Pass[] {
  const passes = packed(operations)
  const [first, ...rest] = passes
  // Edges of a grey source would be grey; its pixels, once they are there, can have any color beside them.
  if (!source?.isGrey || first?.kind !== 'geometry' || !first.extend) return passes
  const { extend, ...before } = first
  return [before, { ...nothing, extend }, ...rest]
}

function packed(operations: readonly Operation[]): Pass[] {
  const passes: Pass[] = []
  let open: GeometryPass | undefined
  for (const operation of operations) {
    if (operation.kind === 'effect' || operation.kind === 'find') {
      if (open) passes.push(open)
      open = undefined
      passes.push(operation)
      continue
    }
    const joined = open && join(open, operation)
    if (open && !joined) passes.push(open)
    open = joined ?? join(nothing, operation)
  }
  if (open) passes.push(open)
  return passes
}

type Geometry = Exclude<Operation, { kind: 'effect' | 'find' }>

/** The pass with one operation more, or `undefined` where sharp would do them in another order. */
function join(pass: GeometryPass, operation: Geometry): GeometryPass | undefined {
  if (pass.extend) return undefined
  switch (operation.kind) {
    case 'extract':
      return joinExtract(pass, operation.region)
    case 'resize':
      return pass.resize || pass.turn || pass.after ? undefined : { ...pass, resize: operation.size }
    case 'turn':
      return joinTurn(pass, operation.turn)
    case 'extend':
      // After a second cut sharp reports a size that forgets the edges.
      return pass.after ? undefined : { ...pass, extend: operation }
  }
}

function joinExtract(pass: GeometryPass, region: Region): GeometryPass | undefined {
  if (pass.turn) return undefined
  if (pass.after) return { ...pass, after: within(pass.after, region) }
  if (pass.resize) return { ...pass, after: region }
  return { ...pass, before: pass.before ? within(pass.before, region) : region }
}

/** sharp turns before it cuts for the second time, so that cut is turned as well. */
function joinTurn(pass: GeometryPass, turn: Turn): GeometryPass | undefined {
  if (pass.turn) return undefined
  if (!pass.after) return { ...pass, turn }
  return pass.resize && { ...pass, turn, after: turnRegion(pass.after, turn, pass.resize) }
}

function within(outer: Region, inner: Region): Region {
  return { ...inner, left: outer.left + inner.left, top: outer.top + inner.top }
}

/**
 * Whether a pass can be done to all frames of an animation in one go. Frames lie one below the other: where they are
 * enlarged, the edge of one would mix with the next.
 *
 * @param frame - The size of one frame before it.
 */
export function suitsAnimations({ before, resize, turn }: GeometryPass, frame: Size): boolean {
  const { width, height } = before ?? frame
  return !turn && !(resize && (resize.width > width || resize.height > height))
}

/** Tells sharp to do a pass. */
export function applyGeometry(image: Sharp, { before, resize, turn = upright, after, extend }: GeometryPass): Sharp {
  let result = image
  if (before) result = result.extract(before)
  if (resize) result = result.resize(resize.width, resize.height, { fit: 'fill' })
  if (after) result = result.extract(after)
  if (turn.mirrored) result = result.flop()
  if (turn.quarters) result = result.rotate(turn.quarters * 90)
  if (extend) result = result.extend({ ...extend.edges, background: extend.color })
  return result
}
