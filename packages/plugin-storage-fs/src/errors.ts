import { defineErrors, isLatentImageError, errors as kernelErrors, type LatentImageError } from '@latent-image/kernel'

/** Every error that this package itself makes. */
export const errors = {
  ...defineErrors('caller', {
    RESERVED_NAME: '`{key}` is named like a temporary file of this storage. Use another name.',
    NAME_TOO_LONG:
      'Cannot {operation} `{key}` ({system}): it is too long for a file system. Use at most 255 bytes a segment, and 1,024 in all.',
  }),
  ...defineErrors('machine', {
    OUTSIDE_ROOT:
      '`{path}` leads out of `{root}` through a symbolic link. Replace the link by a folder or a mount, or make its target the root.',
    DISK_FULL: 'Cannot {operation} `{key}` ({system}): there is no space left. Free some, or raise the quota.',
    ACCESS_DENIED:
      'Cannot {operation} `{key}` ({system}): the process may not. Give its user the right to read and write there.',
    TOO_MANY_OPEN_FILES:
      'Cannot {operation} `{key}` ({system}): too many files are open. Raise the limit (`ulimit -n`), or do less at a time.',
    FILE_SYSTEM_FAILED:
      'Cannot {operation} `{key}` ({system}): the file system refused. The cause tells why; see whether it can be used at all.',
  }),
}

const codes: Readonly<Record<string, 'NAME_TOO_LONG' | 'DISK_FULL' | 'ACCESS_DENIED' | 'TOO_MANY_OPEN_FILES'>> = {
  ENAMETOOLONG: 'NAME_TOO_LONG',
  ENOSPC: 'DISK_FULL',
  EDQUOT: 'DISK_FULL',
  EFBIG: 'DISK_FULL',
  EACCES: 'ACCESS_DENIED',
  EPERM: 'ACCESS_DENIED',
  EROFS: 'ACCESS_DENIED',
  EMFILE: 'TOO_MANY_OPEN_FILES',
  ENFILE: 'TOO_MANY_OPEN_FILES',
}

// A file below a file, a folder in place of a file, a name that no file can have, a link to itself: no such file.
const absent: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP']

/** The code of a system error, such as `ENOENT`. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}

/** Whether a system error says that there is no such file. */
export function meansAbsent(error: unknown): boolean {
  return absent.includes(systemCode(error))
}

/** A system error as one of this catalogue's; errors that are catalogued already stay as they are. */
export function storageError(operation: string, key: string, error: unknown): LatentImageError {
  if (isLatentImageError(error)) return error
  if (operation !== 'write' && meansAbsent(error)) return kernelErrors.FILE_NOT_FOUND({ key }, error)
  const system = systemCode(error)
  return errors[codes[system] ?? 'FILE_SYSTEM_FAILED']({ operation, key, system }, error)
}
