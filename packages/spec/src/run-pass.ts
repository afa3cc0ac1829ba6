import type { Size } from './geometry.ts'
import { framesOf, joinFrames, openMaterial, type Raster, toRaster } from './material.ts'
import { applyGeometry, type Pass, suitsAnimations } from './passes.ts'

/** Does one pass on pixels. */
export async function runPass(raster: Raster, pass: Pass, seconds: number): Promise<Raster> {
  if (pass.kind === 'find') {
    const region = await pass.find(raster.frames > 1 ? firstFrame(raster).pixels : raster.pixels)
    assertSize(region, pass.size)
    return runPass(raster, { kind: 'geometry', before: region }, seconds)
  }
  if (raster.frames > 1 && !suitsAnimations(pass)) {
    const frames: Raster[] = []
    for (const frame of framesOf(raster)) frames.push(await runPass(frame, pass, seconds))
    return joinFrames(frames)
  }
  const image = await openMaterial(raster)
  if (pass.kind === 'geometry') return toRaster(applyGeometry(image, pass), raster.frames, seconds)
  const result = await toRaster(await pass.effect(image, pass.before), 1, seconds)
  assertSize(result.pixels, pass.after)
  return result
}

function firstFrame(raster: Raster): Raster {
  return framesOf(raster)[0] ?? raster
}

function assertSize(found: Size, expected: Size | undefined): void {
  if (!expected || (found.width === expected.width && found.height === expected.height)) return
  throw new RangeError(
    `it made ${found.width} × ${found.height} pixels where ${expected.width} × ${expected.height} were announced`,
  )
}
