import type { JsonValue } from '@latent-image/kernel'
import { errors } from './errors.ts'

/** The values that each param of a dynamic spec may have. */
export interface DeclaredParams {
  readonly [param: string]: readonly (string | number | boolean)[]
}

/** The params of a dynamic spec that declares them. */
export type ParamsOf<Declared extends DeclaredParams> = { readonly [Param in keyof Declared]: Declared[Param][number] }

/** All combinations of declared params, the last one varying fastest. */
export function variantsOf<Declared extends DeclaredParams>(declared: Declared): ParamsOf<Declared>[] {
  let variants: Record<string, JsonValue>[] = [{}]
  for (const [param, values] of Object.entries(declared)) {
    variants = variants.flatMap((variant) => values.map((value) => ({ ...variant, [param]: value })))
  }
  return variants as ParamsOf<Declared>[]
}

/**
 * Checks params against what was declared.
 *
 * @throws INVALID_PARAMS where one is missing, unknown, or has another value.
 */
export function assertParams(declared: DeclaredParams, params: unknown): void {
  const given = typeof params === 'object' && params !== null ? (params as Readonly<Record<string, unknown>>) : {}
  for (const [param, values] of Object.entries(declared)) {
    const value = Object.hasOwn(given, param) ? given[param] : undefined
    if ((values as readonly unknown[]).includes(value)) continue
    const found = value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value))
    throw errors.INVALID_PARAMS({ param, found, allowed: values.map((one) => JSON.stringify(one)).join(', ') })
  }
  const unknown = Object.keys(given).find((param) => !Object.hasOwn(declared, param))
  if (unknown !== undefined) {
    const allowed = `one of ${Object.keys(declared).join(', ')}`
    throw errors.INVALID_PARAMS({ param: unknown, found: 'not declared', allowed })
  }
}
