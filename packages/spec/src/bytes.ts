import { isArrayBuffer } from 'node:util/types'
import { errors } from './errors.ts'

/** Whether a value holds bytes, of whichever realm it is. */
export function holdsBytes(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(value) || isArrayBuffer(value)
}

/**
 * The bytes that a value holds, as sharp takes them.
 *
 * @throws INVALID_INPUT
 */
export function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (!holdsBytes(value)) throw errors.INVALID_INPUT({ found: nameOf(value) })
  return ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value)
}

const longestShown = 60

/** What somebody gave, for those who gave the wrong thing. */
export function nameOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return value.constructor?.name ?? 'an object'
  return String(value).slice(0, longestShown)
}
