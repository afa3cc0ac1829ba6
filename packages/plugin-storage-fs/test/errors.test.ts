import { errors as kernelErrors } from '@latent-image/kernel'
import { expect, test } from 'vitest'
import { storageError } from '../src/errors.ts'

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: as the system says it`), { code })
}

for (const [system, code, fault] of [
  ['ENOSPC', 'DISK_FULL', 'machine'],
  ['EDQUOT', 'DISK_FULL', 'machine'],
  ['EFBIG', 'DISK_FULL', 'machine'],
  ['EACCES', 'ACCESS_DENIED', 'machine'],
  ['EPERM', 'ACCESS_DENIED', 'machine'],
  ['EROFS', 'ACCESS_DENIED', 'machine'],
  ['EMFILE', 'TOO_MANY_OPEN_FILES', 'machine'],
  ['ENFILE', 'TOO_MANY_OPEN_FILES', 'machine'],
  ['ENAMETOOLONG', 'NAME_TOO_LONG', 'caller'],
  ['EIO', 'FILE_SYSTEM_FAILED', 'machine'],
  ['ENOTDIR', 'FILE_SYSTEM_FAILED', 'machine'],
] as const) {
  test(`${system} while writing is ${code}, with the key and the cause`, () => {
    const cause = systemError(system)
    const error = storageError('write', 'a/b.webp', cause)
    expect(error).toMatchObject({ code, fault, cause })
    expect(error.message).toContain('`a/b.webp`')
  })
}

for (const system of ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP']) {
  test(`${system} while reading is FILE_NOT_FOUND`, () => {
    const cause = systemError(system)
    expect(storageError('read', 'a.webp', cause)).toMatchObject({ code: 'FILE_NOT_FOUND', cause })
  })
}

test('what has no code of the system is still wrapped', () => {
  expect(storageError('read', 'a.webp', 'why')).toMatchObject({ code: 'FILE_SYSTEM_FAILED', cause: 'why' })
})

test('an error of the catalogue stays as it is', () => {
  const error = kernelErrors.INVALID_KEY({ key: '' })
  expect(storageError('read', '', error)).toBe(error)
})
