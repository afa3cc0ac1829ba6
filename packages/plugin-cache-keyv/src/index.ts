export { errors } from './errors.ts'
export { keyvCache, keyvCache as default } from './keyv-cache.ts'
export type { KeyvCacheOptions } from './options.ts'
