import * as v from 'valibot'
import { type Turn, upright } from '../geometry.ts'
import { makeProcessor } from '../processor.ts'

const turns = {
  'flip-horizontal': { mirrored: true, quarters: 0 },
  'flip-vertical': { mirrored: true, quarters: 2 },
  'rotate-90': { mirrored: false, quarters: 3 },
  'rotate-180': { mirrored: false, quarters: 2 },
  'rotate-270': { mirrored: false, quarters: 1 },
} as const satisfies Record<string, Turn>

type Method = keyof typeof turns

/**
 * Mirrors or turns; `auto` as the EXIF orientation asks for, which every spec does first by itself unless it is told
 * `orient: false`. Rotations are counter-clockwise, as in pilkit.
 */
export const transpose = makeProcessor({
  name: 'transpose',
  positional: ['method'],
  options: v.strictObject({
    method: v.optional(
      v.pipe(
        v.picklist(['auto', ...(Object.keys(turns) as Method[])]),
        v.description('Which way; `auto` is what EXIF asks for'),
      ),
      'auto',
    ),
  }),
  apply: (picture, { method }) => (method === 'auto' ? picture.bringUpright() : picture.turn(turns[method] ?? upright)),
})
