import type { AnyProcessor } from '../processor.ts'
import { addBorder } from './add-border.ts'
import { adjust } from './adjust.ts'
import { colorOverlay } from './color-overlay.ts'
import { crop } from './crop.ts'
import { extract } from './extract.ts'
import { flip } from './flip.ts'
import { gaussianBlur } from './gaussian-blur.ts'
import { grayscale } from './grayscale.ts'
import { makeOpaque } from './make-opaque.ts'
import { reflection } from './reflection.ts'
import { resize } from './resize.ts'
import { resizeCanvas } from './resize-canvas.ts'
import { resizeToCover } from './resize-to-cover.ts'
import { resizeToFill } from './resize-to-fill.ts'
import { resizeToFit } from './resize-to-fit.ts'
import { rotate } from './rotate.ts'
import { roundCorners } from './round-corners.ts'
import { smartCrop } from './smart-crop.ts'
import { smartResize } from './smart-resize.ts'
import { thumbnail } from './thumbnail.ts'
import { tint } from './tint.ts'
import { transpose } from './transpose.ts'
import { trimBorderColor } from './trim-border-color.ts'
import { watermark } from './watermark.ts'

/** The processors that a spec finds by name without being told. */
export const standardProcessors: readonly AnyProcessor[] = [
  addBorder,
  adjust,
  colorOverlay,
  crop,
  extract,
  flip,
  gaussianBlur,
  grayscale,
  makeOpaque,
  reflection,
  resize,
  resizeCanvas,
  resizeToCover,
  resizeToFill,
  resizeToFit,
  rotate,
  roundCorners,
  smartCrop,
  smartResize,
  thumbnail,
  tint,
  transpose,
  trimBorderColor,
  watermark,
]
