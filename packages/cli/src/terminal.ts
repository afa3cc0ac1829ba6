import { once } from 'node:events'

/** Where a run is told about. */
export interface Terminal {
  readonly out: NodeJS.WriteStream
  readonly err: NodeJS.WriteStream
}

/** Writes a line; resolves when there is room for more, so that a slow reader's backlog does not fill memory. */
export async function writeLine(stream: NodeJS.WriteStream, line: string): Promise<void> {
  if (!stream.writable || stream.write(`${line}\n`)) return
  // A pipe that breaks meanwhile is the matter of whoever listens for it.
  await once(stream, 'drain').catch(() => {})
}

/** A text from outside on one line: what could steer the terminal is shown as a code. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}
