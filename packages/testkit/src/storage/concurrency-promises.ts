import assert from 'node:assert/strict'
import type { Storage } from '@latent-image/kernel'
import { assertBytes } from '../assertions.ts'
import { collect } from '../collect.ts'
import type { Promises } from '../conformance-case.ts'
import { sampleBytes } from '../sample-bytes.ts'

const info = { type: 'image/webp' }
const length = 200_000
const original = sampleBytes(length)
const versions = Array.from({ length: 20 }, (_, index) => sampleBytes(length, index + 2))

/** What a storage promises where several callers meet. */
export const concurrencyPromises: Promises<Storage> = {
  async 'a file that is replaced is seen with its old bytes or its new ones'(storage) {
    await storage.write('file.webp', original, info)
    await whileWorking(writeVersions(storage, 'file.webp'), async () => {
      const found = await storage.read('file.webp')
      assert.ok(isWhole(found), `read saw a mixture of ${found.length} bytes`)
      assert.equal((await storage.stat('file.webp'))?.size, length, 'stat saw a file in the making')
    })
  },

  async 'a new file is seen whole or not at all'(storage) {
    for (const key of ['a.webp', 'b/b.webp', 'c/c/c.webp']) {
      await whileWorking(storage.write(key, original, info), async () => {
        const size = (await storage.stat(key))?.size
        assert.ok(size === undefined || size === length, `stat saw ${size} bytes`)
        if (size !== undefined) assert.ok(isWhole(await storage.read(key)), 'read saw a file in the making')
      })
    }
  },

  async 'of concurrent writes of one key one wins, whole'(storage) {
    await Promise.all(versions.map((data) => storage.write('folder/file.webp', data, info)))
    assert.ok(isWhole(await storage.read('folder/file.webp')), 'read saw a mixture')
    assert.deepEqual(await collect(storage.list()), ['folder/file.webp'])
  },

  async 'concurrent writes of many keys are all kept'(storage) {
    const files = versions.map((data, index) => ({ key: `folder/${index % 4}/${index}.webp`, data }))
    await Promise.all(files.map(({ key, data }) => storage.write(key, data, info)))
    const found = await Promise.all(files.map(({ key }) => storage.read(key)))
    for (const [index, { key, data }] of files.entries()) {
      assertBytes(found[index] ?? new Uint8Array(), data, `read of \`${key}\``)
    }
  },

  async 'writes and deletions in one folder do not disturb each other'(storage) {
    const rounds = Array.from({ length: 20 }, (_, round) => round)
    await Promise.all([
      ...rounds.map((round) => storage.write(`folder/below/${round}.webp`, sampleBytes(10), info)),
      ...rounds.map(() => storage.write('folder/below/gone.webp', sampleBytes(10), info)),
      ...rounds.map(() => storage.delete('folder/below/gone.webp')),
    ])
    for (const round of rounds) {
      assertBytes(
        await storage.read(`folder/below/${round}.webp`),
        sampleBytes(10),
        'read of a file beside a deleted one',
      )
    }
    for (const round of rounds) {
      const key = `other/${round}/file.webp`
      await storage.write(key, sampleBytes(10), info)
      await Promise.all([storage.delete(key), storage.write(`other/${round}/new.webp`, sampleBytes(20), info)])
      assertBytes(await storage.read(`other/${round}/new.webp`), sampleBytes(20), 'read after a deletion beside it')
    }
  },

  async '`list` shows no temporary files'(storage) {
    await whileWorking(writeVersions(storage, 'folder/file.webp'), async () => {
      for (const key of await collect(storage.list())) assert.equal(key, 'folder/file.webp', 'list during a write')
    })
  },
}

async function writeVersions(storage: Storage, key: string): Promise<void> {
  for (const data of versions) await storage.write(key, data, info)
}

function isWhole(found: Uint8Array): boolean {
  return [original, ...versions].some((data) => Buffer.compare(data, found) === 0)
}

/** Looks again and again until the work is done; a fault of either is thrown when both have ended. */
async function whileWorking(work: Promise<void>, look: () => Promise<void>): Promise<void> {
  let working = true
  const done = work.finally(() => {
    working = false
  })
  const looking = (async () => {
    while (working) {
      await look()
      // A storage that answers at once must not keep others from their turn.
      await new Promise(setImmediate)
    }
  })()
  const outcomes = await Promise.allSettled([looking, done])
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
