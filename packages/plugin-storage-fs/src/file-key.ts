import { basename } from 'node:path'
import { assertKey, isKey } from '@latent-image/kernel'
import { errors } from './errors.ts'
import { isTemporaryName } from './temporary-name.ts'

/** Whether a string is a key that a finished file can have. */
export function isFileKey(key: string): boolean {
  return isKey(key) && !isTemporaryName(basename(key))
}

/** Returns a key as it is; throws `INVALID_KEY` or `RESERVED_NAME` where no file may have it. */
export function assertFileKey(key: string): string {
  if (!isFileKey(assertKey(key))) throw errors.RESERVED_NAME({ key })
  return key
}
