import { errors } from './error-catalogue.ts'

// Segments between `/`, none of them empty, `.` or `..`; no control characters, no backslashes, no drive letter.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
const key = /^(?!\/|[a-z]:)(?:(?:^|\/)(?!\.{0,2}(?:\/|$))[^\u0000-\u001f\u007f\\/]+)+$/i

/** Whether a string can be a storage key: relative, `/` between segments, none of them empty, `.` or `..`. */
export function isKey(text: string): boolean {
  return key.test(text) && text.isWellFormed()
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
  return key.replace(/[^\w\-.!~*'()/]+/g, encodeURIComponent)
}
