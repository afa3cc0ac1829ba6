import { errors } from './error-catalogue.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const forbidden = /[\u0000-\u001f\u007f\\]|^\/|^[a-z]:|(^|\/)(\.{1,2})?(\/|$)/i

/** Whether a string can be a storage key: relative, `/` between segments, none of them empty, `.` or `..`. */
export function isKey(key: string): boolean {
  return key !== '' && !forbidden.test(key) && key.isWellFormed()
}

/**
 * Returns a key as it is.
 *
 * @throws INVALID_KEY where it could name something outside of a storage's root, or nothing at all.
 */
export function assertKey(key: string): string {
  if (!isKey(key)) throw errors.INVALID_KEY({ key: JSON.stringify(key) })
  return key
}

/** A key as the path of a URL: every segment percent-encoded. */
export function encodeKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/')
}
