import type { Facts } from '@latent-image/kernel'
import { readHeader } from './header.ts'
import { standardLimits } from './limits.ts'

// What was made once is not refused for its size.
const unlimited = { ...standardLimits, bytes: Number.POSITIVE_INFINITY }

/** Reads the facts of an encoded image from its header; of an animation, the size of one frame. */
export async function inspect(data: Uint8Array): Promise<Facts> {
  const { kind, width, height, frames } = await readHeader(data, 'stored file', unlimited)
  return { width, height, type: `image/${kind}`, ...(frames > 1 && { frames }) }
}
