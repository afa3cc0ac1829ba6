export { type CacheUnderTest, cacheConformance } from './cache-conformance.ts'
export { type ConformanceCase, type CreateDriver, defineCases, type Promises } from './conformance-case.ts'
export { type RedisServer, redisAvailable, startRedis } from './redis-server.ts'
export { storageConformance } from './storage/storage-conformance.ts'
