import { randomUUID } from 'node:crypto'

const pattern = /^\.latent-image-[0-9a-f-]{36}\.tmp$/

/** A name that no other file has, recognisable, and short: the final name may take all of the 255 bytes there are. */
export function temporaryName(): string {
  return `.latent-image-${randomUUID()}.tmp`
}

export function isTemporaryName(name: string): boolean {
  return pattern.test(name)
}
