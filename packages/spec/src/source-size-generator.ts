import type { Facts, GeneratorDefinition } from '@latent-image/kernel'
import { readHeader } from './header.ts'
import { standardLimits } from './limits.ts'

/**
 * Measures sources: a generator whose files hold a source's size, as it is stored, and its EXIF orientation. So they are
 * kept in the state cache, read once however many ask, and forgotten when the source changes, like any derivative.
 */
export const sourceSizeGenerator: GeneratorDefinition = {
  source: 'required',
  format: 'json',
  // Measured when asked for, never for all sources.
  variants: [],
  fingerprint: 'source-size',
  async generate({ source }) {
    if (!source) throw new TypeError('The size of a source cannot be measured without one.')
    const { width, height, orientation } = await readHeader(await source.open(), source.name, standardLimits)
    const facts = { width, height, orientation, type: 'application/json' }
    return { data: Buffer.from(JSON.stringify(facts)), facts }
  },
  inspect: async (data) => JSON.parse(new TextDecoder().decode(data)) as Facts,
}
