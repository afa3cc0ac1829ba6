import assert from 'node:assert/strict'
import type { Storage } from '@latent-image/kernel'
import { collect } from '../collect.ts'
import type { Promises } from '../conformance-case.ts'
import { sampleBytes } from '../sample-bytes.ts'

const keys = ['a', 'ab', 'abc/d', 'b/a', 'b/c/a', 'b/c/ab', 'b/cd/e', 'c.webp']

/** What `list` promises. */
export const listPromises: Promises<Storage> = {
  async '`list` yields nothing where nothing was written'(storage) {
    assert.deepEqual(await collect(storage.list()), [])
    assert.deepEqual(await collect(storage.list('a/')), [])
  },

  async '`list` without a prefix yields every key once'(storage) {
    await writeAll(storage, keys)
    assert.deepEqual(await listed(storage), keys)
    assert.deepEqual(await listed(storage, ''), keys)
  },

  async '`list` of a folder yields what is in it, at any depth'(storage) {
    await writeAll(storage, keys)
    assert.deepEqual(await listed(storage, 'b/'), ['b/a', 'b/c/a', 'b/c/ab', 'b/cd/e'])
    assert.deepEqual(await listed(storage, 'b/c/'), ['b/c/a', 'b/c/ab'])
  },

  async '`list` takes its prefix as a string, not as a folder'(storage) {
    await writeAll(storage, keys)
    assert.deepEqual(await listed(storage, 'a'), ['a', 'ab', 'abc/d'])
    assert.deepEqual(await listed(storage, 'b/c'), ['b/c/a', 'b/c/ab', 'b/cd/e'])
    assert.deepEqual(await listed(storage, 'b/c/ab'), ['b/c/ab'])
  },

  async '`list` yields nothing for a prefix that no key has'(storage) {
    await writeAll(storage, keys)
    for (const prefix of ['d', 'a/', 'b/c/b', 'B/', '../', '/', '*', '[a-z]']) {
      assert.deepEqual(await listed(storage, prefix), [], `list of \`${prefix}\``)
    }
  },

  async '`list` does not yield what was deleted'(storage) {
    await writeAll(storage, keys)
    for (const key of ['ab', 'b/c/a', 'b/c/ab', 'b/cd/e']) await storage.delete(key)
    assert.deepEqual(await listed(storage), ['a', 'abc/d', 'b/a', 'c.webp'])
  },

  async '`list` yields every one of many keys'(storage) {
    // One more than a page of S3, GCS and their like.
    const many = Array.from({ length: 1001 }, (_, index) => `many/${String(index).padStart(4, '0')}.webp`)
    for (let from = 0; from < many.length; from += 50) await writeAll(storage, many.slice(from, from + 50))
    assert.deepEqual(await listed(storage, 'many/'), many)
  },

  async '`list` can be left early, and files deleted meanwhile'(storage) {
    await writeAll(storage, keys)
    for await (const _ of storage.list()) break
    for await (const key of storage.list()) await storage.delete(key)
    assert.deepEqual(await listed(storage), [])
  },
}

async function writeAll(storage: Storage, written: readonly string[]): Promise<void> {
  await Promise.all(written.map((key) => storage.write(key, sampleBytes(1), { type: 'image/webp' })))
}

async function listed(storage: Storage, prefix?: string): Promise<string[]> {
  const found = await collect(prefix === undefined ? storage.list() : storage.list(prefix))
  return found.sort()
}
