import { randomUUID } from 'node:crypto'

/**
 * A picture in bytes that nobody has seen before: decoders stop at its end, but whoever keeps pixels for the next derivative
 * of equal bytes has none for these.
 */
export function freshCopyOf(picture) {
  return Buffer.concat([picture, Buffer.from(randomUUID())])
}
