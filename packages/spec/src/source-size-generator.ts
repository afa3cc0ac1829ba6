import type { Facts, GeneratorDefinition } from '@latent-image/kernel'
import * as v from 'valibot'
import { bytesOf } from './bytes.ts'
import { errors } from './errors.ts'
import { readHeader } from './header.ts'
import { limitsSchema } from './limits.ts'
import { kindOf } from './options.ts'

/**
 * Measures sources: a generator whose files hold a source's size, as it is stored, and its EXIF orientation. So they are
 * kept in the state cache, read once however many ask, and forgotten when the source changes, like any derivative. Params
 * are the limits of the spec that asks: what it refuses is not measured for it.
 */
export const sourceSizeGenerator: GeneratorDefinition = {
  source: 'required',
  format: 'json',
  // Measured when asked for, never for all sources.
  variants: [],
  fingerprint: 'source-size',
  async generate(input) {
    const { source, params } = input ?? {}
    if (!source) throw errors.INVALID_INPUT({ found: kindOf(source) })
    const limits = v.parse(limitsSchema, params ?? {})
    const { width, height, orientation } = await readHeader(bytesOf(await source.open()), source.name, limits)
    const facts = { width, height, orientation, type: 'application/json' }
    return { data: Buffer.from(JSON.stringify(facts)), facts }
  },
  inspect: async (data) => JSON.parse(new TextDecoder().decode(data)) as Facts,
}
