import type { Order } from '@latent-image/plugin-backend-async'
import * as v from 'valibot'
import { errors } from './errors.ts'

/** Characters that an order may have as JSON. Attributes of a source are small; anything else has no business here. */
const longest = 100_000

const text = v.pipe(v.string(), v.maxLength(4_096))

const schema = v.strictObject({
  file: v.strictObject({
    generator: text,
    source: v.nullable(v.looseObject({ name: text, revision: v.optional(text) })),
    params: v.unknown(),
    name: v.nullable(text),
  }),
  token: text,
  attempt: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
})

/**
 * Checks what came out of a queue: others can write there, and older versions did.
 *
 * @throws INVALID_ORDER
 */
export function parseOrder(value: unknown, queue: string): Order {
  if (JSON.stringify(value ?? null).length > longest) throw errors.INVALID_ORDER({ problem: 'it is too large', queue })
  const { success, issues } = v.safeParse(schema, value)
  if (success) return value as Order
  const problem = issues.map((issue) => `\`${v.getDotPath(issue) ?? ''}\`: ${issue.message}`).join('; ')
  throw errors.INVALID_ORDER({ problem: problem.slice(0, 500), queue })
}
