export type {
  Facts,
  GeneratedImage,
  GenerateInput,
  Generator,
  GeneratorDefinition,
  MadeFrom,
  Namer,
  NamerInput,
} from './contracts/generator.ts'
export type { JsonValue } from './contracts/json-value.ts'
export type { Plugin, Release, Scope, ScopedPlugins } from './contracts/plugin.ts'
export type {
  Source,
  SourceGroup,
  SourceGroupItem,
  SourceHandle,
  SourceReference,
  SourceWatcher,
  TiedSourceGroup,
} from './contracts/source.ts'
export type { Failure, FileState, StateCache, Work } from './contracts/state-cache.ts'
export type { Storage } from './contracts/storage.ts'
export { errors } from './error-catalogue.ts'
export {
  defineErrors,
  type ErrorCatalogue,
  type Fault,
  isLatentImageError,
  LatentImageError,
  type LatentImageErrorOptions,
} from './errors.ts'
export type { EventPayloads, KernelEvents } from './events.ts'
export { extensionOfFormat, formatOfName } from './formats.ts'
export type { GenerateOptions, Outcome } from './generation.ts'
export type { FileHook, GenerateOrder, Hooks, Role, SourceQuery } from './hooks.ts'
export { type FileDescription, type FileReference, ImageCacheFile, type ReadOptions } from './image-cache-file.ts'
export { createKernel, type FileInput, Kernel, type KernelOf } from './kernel.ts'
export type { GeneratorMap, KernelConfig, KernelOptions } from './kernel-config.ts'
export { hash, sourceNameAsPath, sourceNameDotHash } from './names/namers.ts'
export { checkOptions, type OptionsSchema } from './options.ts'
export type { SourceChangeOptions, SourceOutcome, SourceResult } from './source-changes.ts'
export type { SavedSource, SourceFile } from './source-file.ts'
export type { SourceInput } from './source-input.ts'
export type { FileStatus, StateTimes } from './state.ts'
export { assertKey, encodeKey, isKey } from './storage-key.ts'
