import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import type { Storage } from '@latent-image/kernel'
import { assertBytes, assertFails } from '../assertions.ts'
import { collect } from '../collect.ts'
import type { Promises } from '../conformance-case.ts'
import { sampleBytes } from '../sample-bytes.ts'

const info = { type: 'image/webp' }

/** One for each way to leave a root or to name nothing. */
const impossibleKeys = [
  '',
  '.',
  '..',
  '/a.webp',
  '../a.webp',
  'a/../../b.webp',
  'a/..',
  './a.webp',
  'a//b.webp',
  'a/',
  'a\\..\\b.webp',
  'C:/a.webp',
  'a\0.webp',
  'a\n.webp',
  '\ud800.webp',
]

/** Keys that a mistake in encoding would lose or take for each other. */
const unusualKeys = [
  'a b.webp',
  'a+b.webp',
  'a%20b.webp',
  'a/b.webp',
  'a%2Fb.webp',
  'a#b.webp',
  'a&b=c.webp',
  "it's (1).webp",
  '.hidden/.file.webp',
  '...webp',
  'ä/ö/ü.webp',
  '写真/🖼.webp',
]

const refusals: Readonly<Record<string, (storage: Storage, key: string) => unknown>> = {
  write: (storage, key) => storage.write(key, sampleBytes(1), info),
  read: (storage, key) => storage.read(key),
  stream: (storage, key) => storage.stream(key),
  stat: (storage, key) => storage.stat(key),
  delete: (storage, key) => storage.delete(key),
  url: (storage, key) => storage.url(key),
}

/** What a storage promises of keys, addresses and paths. */
export const keyPromises: Promises<Storage> = {
  ...Object.fromEntries(
    Object.entries(refusals).map(([method, call]) => [
      `\`${method}\` refuses a key that could leave the root, with INVALID_KEY`,
      async (storage: Storage) => {
        for (const key of impossibleKeys) {
          await assertFails('INVALID_KEY', async () => call(storage, key), `${method} of ${JSON.stringify(key)}`)
        }
      },
    ]),
  ),

  async 'unusual keys are neither lost nor taken for each other'(storage) {
    for (const [index, key] of unusualKeys.entries()) await storage.write(key, sampleBytes(index + 1), info)
    for (const [index, key] of unusualKeys.entries()) {
      assertBytes(await storage.read(key), sampleBytes(index + 1), `read of \`${key}\``)
      assert.equal((await storage.stat(key))?.size, index + 1, `stat of \`${key}\``)
    }
    assert.deepEqual((await collect(storage.list())).sort(), [...unusualKeys].sort(), 'list')
  },

  async '`url` is percent-encoded per segment'(storage) {
    for (const key of unusualKeys) {
      const { pathname, search, hash } = new URL(await storage.url(key), 'https://example.org')
      const decoded = pathname.split('/').map(decodeURIComponent)
      assert.deepEqual(decoded.slice(-key.split('/').length), key.split('/'), `path of the address of \`${key}\``)
      assert.equal(hash, '', `\`${key}\` reached the fragment`)
      assert.ok(!search.includes('=c.webp'), `\`${key}\` reached the query`)
    }
  },

  async '`url` does not check that there is such a file'(storage) {
    const before = await storage.url('folder/file.webp')
    await storage.write('folder/file.webp', sampleBytes(1), info)
    assert.equal(new URL(before, 'https://example.org').pathname, await pathnameOf(storage, 'folder/file.webp'))
  },

  async '`path`, if there is one, is the absolute path of the file'(storage) {
    if (!storage.path) return
    const path = storage.path('folder/a file.webp')
    assert.ok(isAbsolute(path), `\`${path}\` is not absolute`)
    await storage.write('folder/a file.webp', sampleBytes(10), info)
    assertBytes(await readFile(path), sampleBytes(10), 'the file under `path`')
  },

  async '`path`, if there is one, refuses a key that could leave the root, with INVALID_KEY'(storage) {
    if (!storage.path) return
    for (const key of impossibleKeys) {
      await assertFails('INVALID_KEY', async () => storage.path?.(key), `path of ${JSON.stringify(key)}`)
    }
  },
}

async function pathnameOf(storage: Storage, key: string): Promise<string> {
  return new URL(await storage.url(key), 'https://example.org').pathname
}
