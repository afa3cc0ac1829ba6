import type { Storage } from '@latent-image/kernel'
import { createMemoryStorage } from '@latent-image/plugin-storage-memory'
import { Gate } from './gate.ts'

export type StorageMethod = 'write' | 'read' | 'stream' | 'stat' | 'delete' | 'list' | 'url'

/** A storage to look at and to disturb. */
export interface FakeStorage extends Storage {
  /** The storage behind it: what is done there is neither counted nor disturbed, so files can vanish behind its back. */
  readonly inner: Storage
  /** How many calls of each method there were. */
  readonly calls: Readonly<Record<StorageMethod, number>>
  /** Calls that are held before anything is done. */
  readonly before: Readonly<Record<Exclude<StorageMethod, 'url'>, Gate>>
  /** Calls that are held when all is done, before the caller learns of it: slow answers, of how things were. */
  readonly after: Readonly<Record<Exclude<StorageMethod, 'url'>, Gate>>
  /** What calls of a method are to fail with, while it is set: `failures.write = systemError('ENOSPC')`. */
  readonly failures: Partial<Record<StorageMethod, unknown>>
  /** Sets all counts to nought. */
  resetCalls(): void
}

const methods = ['write', 'read', 'stream', 'stat', 'delete', 'list', 'url'] as const

/** Wraps a storage, a new one in memory by default, and counts, holds and fails its calls. */
export function fakeStorage(inner: Storage = createMemoryStorage()): FakeStorage {
  const calls = ofEach(() => 0)
  const before = ofEach(() => new Gate())
  const after = ofEach(() => new Gate())
  const failures: Partial<Record<StorageMethod, unknown>> = {}

  function begin(method: StorageMethod): void {
    calls[method] += 1
    if (failures[method] !== undefined) throw failures[method]
  }

  async function disturbed<Answer>(method: StorageMethod, work: () => Promise<Answer>): Promise<Answer> {
    await before[method].pass()
    begin(method)
    const answer = await work()
    await after[method].pass()
    return answer
  }

  return {
    inner,
    calls,
    before,
    after,
    failures,
    resetCalls: () =>
      void Object.assign(
        calls,
        ofEach(() => 0),
      ),
    write: (key, data, info) => disturbed('write', () => inner.write(key, data, info)),
    read: (key) => disturbed('read', () => inner.read(key)),
    stream: (key) => disturbed('stream', () => inner.stream(key)),
    stat: (key) => disturbed('stat', () => inner.stat(key)),
    delete: (key) => disturbed('delete', () => inner.delete(key)),
    async *list(prefix) {
      await before.list.pass()
      begin('list')
      yield* inner.list(prefix)
      await after.list.pass()
    },
    url(key) {
      begin('url')
      return inner.url(key)
    },
  }
}

function ofEach<Value>(make: () => Value): Record<StorageMethod, Value> {
  return Object.fromEntries(methods.map((method) => [method, make()])) as Record<StorageMethod, Value>
}
