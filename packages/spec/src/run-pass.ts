import type { Sharp } from 'sharp'
import { assertInside, type Size } from './geometry.ts'
import { firstFrame, framesOf, joinFrames, openMaterial, type Raster, toRaster } from './material.ts'
import type { EffectContext } from './operations.ts'
import { kindOf } from './options.ts'
import { applyGeometry, type Pass, suitsAnimations } from './passes.ts'

export interface PassSettings {
  readonly seconds: number
  readonly openImage: EffectContext['openImage']
}

/** Does one pass on pixels. */
export async function runPass(raster: Raster, pass: Pass, settings: PassSettings): Promise<Raster> {
  if (pass.kind === 'find') {
    const { pixels } = firstFrame(raster)
    const region = assertInside(await pass.find(pixels), pixels)
    assertAnnounced(region, pass.size)
    return runPass(raster, { kind: 'geometry', before: region }, settings)
  }
  if (raster.frames > 1 && !(pass.kind === 'geometry' && suitsAnimations(pass, raster.pixels))) {
    const frames: Raster[] = []
    for (const frame of framesOf(raster)) frames.push(await runPass(frame, pass, settings))
    return joinFrames(frames)
  }
  const image = await openMaterial(raster)
  if (pass.kind === 'geometry') return toRaster(applyGeometry(image, pass), raster.frames, settings.seconds)
  const affected: unknown = await pass.effect(image, { ...pass.before, openImage: settings.openImage })
  const result = await toRaster(assertSharp(affected), 1, settings.seconds)
  assertAnnounced(result.pixels, pass.after)
  return result
}

function assertSharp(affected: unknown): Sharp {
  if (affected instanceof Object && 'toBuffer' in affected) return affected as Sharp
  throw new TypeError(`its effect returned ${kindOf(affected)}, and not the sharp that it was given, or another`)
}

function assertAnnounced(found: Size, expected: Size | undefined): void {
  if (!expected || (found.width === expected.width && found.height === expected.height)) return
  throw new RangeError(
    `it made ${found.width} × ${found.height} pixels where ${expected.width} × ${expected.height} were announced`,
  )
}
