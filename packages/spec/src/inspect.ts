import type { Facts } from '@latent-image/kernel'
import { bytesOf } from './bytes.ts'
import { readHeader } from './header.ts'
import { standardLimits } from './limits.ts'
import { makePlaceholder, type PlaceholderKind } from './placeholder.ts'

// What was made once is not refused for its size.
const unlimited = { ...standardLimits, bytes: Number.POSITIVE_INFINITY }

/**
 * Reads the facts of an encoded image from its header; of an animation, the size of one frame.
 *
 * @param placeholder - Kind of the placeholder to make again, for which the image has to be decoded.
 */
export async function inspect(stored: Uint8Array, placeholder?: PlaceholderKind): Promise<Facts> {
  const { kind, width, height, frames, data } = await readHeader(bytesOf(stored), 'stored file', unlimited)
  const facts = { width, height, type: `image/${kind}`, ...(frames > 1 && { frames }) }
  if (!placeholder) return facts
  const material = { data, options: { limitInputPixels: false as const }, frames: 1 }
  return { ...facts, placeholder: await makePlaceholder(material, placeholder, false) }
}
