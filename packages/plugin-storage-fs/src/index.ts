export { createFsStorage, type FsStorage, type FsStorageSettings } from './create-fs-storage.ts'
export { errors } from './errors.ts'
export { type FsStorageOptions, fsStorage, fsStorage as default } from './fs-storage.ts'
