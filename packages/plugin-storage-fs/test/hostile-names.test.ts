import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isLatentImageError } from '@latent-image/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFsStorage } from '../src/index.ts'
import { temporaryFolder } from './temporary-folder.ts'

const info = { type: 'image/webp' }

test('takes names of 255 bytes', async () => {
  const storage = createFsStorage({ root: await temporaryFolder() })
  for (const name of ['a'.repeat(255), `${'ü'.repeat(127)}a`, `${'🖼'.repeat(63)}.gi`]) {
    expect(Buffer.byteLength(name)).toBe(255)
    await storage.write(`${name}/${name}`, new Uint8Array([1]), info)
    expect(await storage.read(`${name}/${name}`)).toEqual(new Uint8Array([1]))
  }
})

test('a name that is too long is refused when written and absent when read', async () => {
  const storage = createFsStorage({ root: await temporaryFolder() })
  for (const key of ['a'.repeat(256), `${'a'.repeat(256)}/a.webp`, 'a/'.repeat(3000).concat('a')]) {
    await expect(storage.write(key, new Uint8Array([1]), info)).rejects.toMatchObject({ code: 'NAME_TOO_LONG' })
    await expect(storage.read(key)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    expect(await storage.stat(key)).toBeUndefined()
    await storage.delete(key)
  }
})

test('any string either is refused or names one file inside the root', async () => {
  const folder = await temporaryFolder()
  const storage = createFsStorage({ root: join(folder, 'media') })
  const piece = fc.constantFrom(
    '..',
    '.',
    '/',
    '\\',
    '\0',
    'a',
    'A',
    ' ',
    '%2e',
    '%2f',
    '~',
    ':',
    '\u202e',
    'é',
    'e\u0301',
    '🖼',
    '\ud800',
  )
  const key = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'grapheme' }),
    fc.string(),
  )
  await fc.assert(
    fc.asyncProperty(key, async (name) => {
      try {
        await storage.write(name, new TextEncoder().encode(name), info)
      } catch (error) {
        expect(isLatentImageError(error) && error.code).toMatch(/^(INVALID_KEY|NAME_TOO_LONG)$/)
        return
      }
      expect(new TextDecoder().decode(await storage.read(name))).toBe(name)
      await storage.delete(name)
      expect(await storage.stat(name)).toBeUndefined()
    }),
    { numRuns: 500 },
  )
  expect(await readdir(folder)).toEqual(['media'])
  expect(await readdir(join(folder, 'media'))).toEqual([])
})
