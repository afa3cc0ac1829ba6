import type { AnyProcessor } from '../processor.ts'
import { crop } from './crop.ts'
import { resize } from './resize.ts'
import { resizeCanvas } from './resize-canvas.ts'
import { resizeToCover } from './resize-to-cover.ts'
import { resizeToFill } from './resize-to-fill.ts'
import { resizeToFit } from './resize-to-fit.ts'
import { smartCrop } from './smart-crop.ts'
import { smartResize } from './smart-resize.ts'
import { thumbnail } from './thumbnail.ts'
import { transpose } from './transpose.ts'

/** The processors that a spec finds by name without being told. */
export const standardProcessors: readonly AnyProcessor[] = [
  crop,
  resize,
  resizeCanvas,
  resizeToCover,
  resizeToFill,
  resizeToFit,
  smartCrop,
  smartResize,
  thumbnail,
  transpose,
]
