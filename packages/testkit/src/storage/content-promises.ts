import assert from 'node:assert/strict'
import type { Storage } from '@latent-image/kernel'
import { assertBytes, assertFails } from '../assertions.ts'
import type { Promises } from '../conformance-case.ts'
import { sampleBytes } from '../sample-bytes.ts'

const info = { type: 'image/webp' }

/** What `write`, `read`, `stream`, `stat` and `delete` promise of one file. */
export const contentPromises: Promises<Storage> = {
  async '`read` resolves to the whole content that was written'(storage) {
    for (const length of [0, 1, 300_000]) {
      const data = sampleBytes(length)
      await storage.write('whole.webp', data, info)
      assertBytes(await storage.read('whole.webp'), data, `read after a write of ${length} bytes`)
    }
  },

  async '`read` rejects with FILE_NOT_FOUND where there is no such file'(storage) {
    await assertFails('FILE_NOT_FOUND', () => storage.read('absent.webp'), 'read of an absent file')
    await storage.write('folder/file.webp', sampleBytes(1), info)
    await assertFails('FILE_NOT_FOUND', () => storage.read('folder/other.webp'), 'read of an absent file in a folder')
    await assertFails('FILE_NOT_FOUND', () => storage.read('folder'), 'read of a folder')
    await assertFails('FILE_NOT_FOUND', () => storage.read('folder/file.webp/below'), 'read of a file below a file')
  },

  async '`write` creates what lies above'(storage) {
    await storage.write('a/b/c/d/e.webp', sampleBytes(10), info)
    await storage.write('a/b/x/y.webp', sampleBytes(20), info)
    assertBytes(await storage.read('a/b/c/d/e.webp'), sampleBytes(10), 'read of a file in new folders')
    assertBytes(await storage.read('a/b/x/y.webp'), sampleBytes(20), 'read of a file in folders that exist in part')
  },

  async '`write` replaces what was there'(storage) {
    await storage.write('file.webp', sampleBytes(1000, 1), info)
    await storage.write('file.webp', sampleBytes(10, 2), info)
    assertBytes(await storage.read('file.webp'), sampleBytes(10, 2), 'read after a second, shorter write')
  },

  async "`write` does not keep hold of the caller's buffer"(storage) {
    const buffer = sampleBytes(100)
    await storage.write('file.webp', buffer, info)
    buffer.fill(0)
    assertBytes(await storage.read('file.webp'), sampleBytes(100), 'read after the written buffer was changed')
  },

  async "`read` hands out bytes that are the caller's own"(storage) {
    await storage.write('file.webp', sampleBytes(100), info)
    const first = await storage.read('file.webp')
    first.fill(0)
    assertBytes(await storage.read('file.webp'), sampleBytes(100), 'read after the first answer was changed')
  },

  async '`stream` gives the whole content as a web stream'(storage) {
    for (const length of [0, 300_000]) {
      await storage.write('file.webp', sampleBytes(length), info)
      const stream = await storage.stream('file.webp')
      assert.ok(stream instanceof ReadableStream, 'stream is no web ReadableStream')
      const content = new Uint8Array(await new Response(stream).arrayBuffer())
      assertBytes(content, sampleBytes(length), `stream of ${length} bytes`)
    }
  },

  async '`stream` can be given up'(storage) {
    await storage.write('file.webp', sampleBytes(300_000), info)
    const reader = (await storage.stream('file.webp')).getReader()
    await reader.read()
    await reader.cancel()
    await storage.delete('file.webp')
    assert.equal(await storage.stat('file.webp'), undefined, 'stat of a file whose stream was given up')
  },

  async '`stream` rejects with FILE_NOT_FOUND before the first byte is asked for'(storage) {
    await assertFails('FILE_NOT_FOUND', () => storage.stream('absent.webp'), 'stream of an absent file')
    await storage.write('folder/file.webp', sampleBytes(1), info)
    await assertFails('FILE_NOT_FOUND', () => storage.stream('folder'), 'stream of a folder')
  },

  async '`stat` tells size and time of the last change'(storage) {
    await storage.write('file.webp', sampleBytes(10), info)
    const first = await storage.stat('file.webp')
    await storage.write('file.webp', sampleBytes(20), info)
    const second = await storage.stat('file.webp')
    assert.ok(first && second, 'stat of a file that exists')
    assert.deepEqual([first.size, second.size], [10, 20], 'sizes')
    assert.ok(first.modifiedAt instanceof Date && second.modifiedAt instanceof Date, 'modifiedAt is no Date')
    assert.ok(second.modifiedAt >= first.modifiedAt, 'a later change has an earlier time')
    const minutesAway = Math.abs(second.modifiedAt.getTime() - Date.now()) / 60_000
    assert.ok(minutesAway < 5, `modifiedAt is ${minutesAway} minutes away`)
  },

  async '`stat` resolves to undefined where there is no such file'(storage) {
    await storage.write('folder/file.webp', sampleBytes(1), info)
    for (const key of ['absent.webp', 'folder', 'folder/other.webp', 'folder/file.webp/below']) {
      assert.equal(await storage.stat(key), undefined, `stat of \`${key}\``)
    }
  },

  async '`delete` removes a file and no other'(storage) {
    const neighbours = ['a/file', 'a/file.webp.bak', 'a/file.webq', 'b']
    for (const key of ['a/file.webp', ...neighbours]) await storage.write(key, sampleBytes(5), info)
    await storage.delete('a/file.webp')
    assert.equal(await storage.stat('a/file.webp'), undefined, 'stat of a deleted file')
    await assertFails('FILE_NOT_FOUND', () => storage.read('a/file.webp'), 'read of a deleted file')
    for (const key of neighbours)
      assertBytes(await storage.read(key), sampleBytes(5), `read of its neighbour \`${key}\``)
  },

  async '`delete` of an absent file is fine'(storage) {
    await storage.delete('absent.webp')
    await storage.delete('absent/absent.webp')
    await storage.write('folder/file.webp', sampleBytes(5), info)
    await storage.delete('folder')
    await storage.delete('folder/file.webp/below')
    assertBytes(await storage.read('folder/file.webp'), sampleBytes(5), "read after its folder's name was deleted")
  },

  async '`write` after `delete` creates the file again'(storage) {
    for (const length of [1, 2, 3]) {
      await storage.write('folder/file.webp', sampleBytes(length), info)
      assertBytes(await storage.read('folder/file.webp'), sampleBytes(length), 'read of a file that was made again')
      await storage.delete('folder/file.webp')
    }
  },
}
