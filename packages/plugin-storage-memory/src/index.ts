export { createMemoryStorage, type MemoryStorageSettings } from './create-memory-storage.ts'
export { type MemoryStorageOptions, memoryStorage, memoryStorage as default } from './memory-storage.ts'
