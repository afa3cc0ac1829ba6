export type { Anchor, AnchorName } from './anchor.ts'
export type { Color } from './color.ts'
export { errors } from './errors.ts'
export type { Format, FormatOptions } from './formats.ts'
export type { Region, Size, Turn } from './geometry.ts'
export {
  type DynamicSpecSettings,
  type ImageSpec,
  imageSpec,
  type MakeContent,
  type SpecSettings,
} from './image-spec.ts'
export { inspect } from './inspect.ts'
export type { Limits } from './limits.ts'
export type { Issue } from './options.ts'
export type { DeclaredParams, ParamsOf } from './params.ts'
export type { Edges, Effect, Finder, Picture, Pixels } from './picture.ts'
export {
  type AnyProcessor,
  defineProcessor,
  type Processor,
  type ProcessorDefinition,
  type Step,
  type StepArguments,
} from './processor.ts'
export { crop } from './processors/crop.ts'
export { resize } from './processors/resize.ts'
export { resizeCanvas } from './processors/resize-canvas.ts'
export { resizeToCover } from './processors/resize-to-cover.ts'
export { resizeToFill } from './processors/resize-to-fill.ts'
export { resizeToFit } from './processors/resize-to-fit.ts'
export { type Interest, smartCrop } from './processors/smart-crop.ts'
export { smartResize } from './processors/smart-resize.ts'
export { thumbnail } from './processors/thumbnail.ts'
export { transpose } from './processors/transpose.ts'
export type { SpecContent } from './spec-content.ts'
export { checkSpecData, imageSpecFromData, type SpecDataSettings } from './spec-from-data.ts'
export type { StepData } from './steps.ts'
