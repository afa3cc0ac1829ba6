export type {
  Facts,
  GeneratedImage,
  GenerateInput,
  Generator,
  GeneratorDefinition,
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
  type ErrorEntry,
  type Fault,
  isLatentImageError,
  LatentImageError,
  type LatentImageErrorOptions,
} from './errors.ts'
export type { EventPayloads, KernelEvents } from './events.ts'
export { extensionOfFormat, formatOfName } from './formats.ts'
export type { GenerateOrder, Hooks, SeriesHook, SourceQuery } from './hooks.ts'
export type { ImageCacheFile } from './image-cache-file.ts'
export type { Kernel } from './kernel.ts'
export { checkOptions, type OptionsSchema, pathOfIssue, type SchemaIssue } from './options.ts'
export { assertKey, encodeKey, isKey } from './storage-key.ts'
