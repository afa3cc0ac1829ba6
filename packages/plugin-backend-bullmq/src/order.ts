import type { FileReference, JsonValue } from '@latent-image/kernel'
import type { Order } from '@latent-image/plugin-backend-async'
import * as v from 'valibot'
import { errors } from './errors.ts'

/** Characters that an order may have as JSON. Attributes of a source are small; anything else has no business here. */
const longest = 100_000

/** Levels of objects and lists in each other; a derivative of a derivative adds two. */
const deepest = 300

const text = v.pipe(v.string(), v.maxLength(4_096))

/** What comes from Redis is JSON. */
const json = v.custom<JsonValue>(() => true)

const file: v.GenericSchema<FileReference> = v.strictObject({
  generator: text,
  source: v.nullable(
    v.strictObject({
      name: text,
      revision: v.exactOptional(text),
      attributes: v.exactOptional(json),
      file: v.exactOptional(v.lazy(() => file)),
    }),
  ),
  params: json,
  name: v.nullable(text),
})

const order: v.GenericSchema<Order> = v.strictObject({
  file,
  token: text,
  attempt: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
})

/**
 * Checks what came out of a queue: others can write there, and older versions did.
 *
 * @throws INVALID_ORDER
 */
export function parseOrder(value: unknown, queue: string): Order {
  if (!isShallow(value, deepest)) throw errors.INVALID_ORDER({ problem: 'it is nested too deep', queue })
  if (JSON.stringify(value ?? null).length > longest) throw errors.INVALID_ORDER({ problem: 'it is too large', queue })
  const { success, output, issues } = v.safeParse(order, value)
  if (success) return output
  const problem = issues.map((issue) => `${v.getDotPath(issue) ?? 'the job'}: ${issue.message}`).join('; ')
  throw errors.INVALID_ORDER({ problem: problem.slice(0, 500), queue })
}

/** What is nested too deep overflows the stack of whoever walks through it. */
function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1))
}
