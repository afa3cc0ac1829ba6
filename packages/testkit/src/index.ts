export { type BackendConformanceOptions, backendConformance } from './backend/backend-conformance.ts'
export { type CacheUnderTest, cacheConformance } from './cache-conformance.ts'
export { type ConformanceCase, type CreateDriver, defineCases, type Promises } from './conformance-case.ts'
export {
  type CacheMood,
  type FakeCache,
  type FakeCacheOptions,
  fakeCache,
  type StoredRecord,
} from './fakes/fake-cache.ts'
export { type FakeGenerator, type FakeGeneratorOptions, fakeGenerator } from './fakes/fake-generator.ts'
export { type FakeSourceGroup, type FakeSourceGroupOptions, fakeSourceGroup } from './fakes/fake-source-group.ts'
export { type FakeStorage, fakeStorage, type StorageMethod } from './fakes/fake-storage.ts'
export { Gate } from './fakes/gate.ts'
export { type ManualClock, manualClock } from './fakes/manual-clock.ts'
export { systemError } from './fakes/system-error.ts'
export { type TestKernel, type TestKernelOptions, testKernel } from './fakes/test-kernel.ts'
export {
  type ConformingQueue,
  type QueueJob,
  type QueueOrder,
  type QueueUnderTest,
  queueConformance,
} from './queue-conformance.ts'
export { type RedisServer, redisAvailable, startRedis } from './redis-server.ts'
export {
  type SourceGroupConformanceOptions,
  type SourceGroupUnderTest,
  sourceGroupConformance,
} from './source-group-conformance.ts'
export { storageConformance } from './storage/storage-conformance.ts'
export { type StrategyDeclaration, strategyConformance } from './strategy/strategy-conformance.ts'
