import type { JsonValue } from '@latent-image/kernel'
import { resolveContent } from './check-content.ts'
import { definitionOf, type Resolve, unnamed } from './definition.ts'
import { assertParams, type DeclaredParams, type ParamsOf, variantsOf } from './params.ts'
import { fingerprintOf, type SpecContent } from './spec-content.ts'
import type { DynamicSpecSettings, ImageSpec, MakeContent, SpecSettings } from './spec-types.ts'

/**
 * Makes an image spec: a generator that makes its image from a source, by processors, then format and options.
 *
 * @param content - What to do; or a function that tells, from a source (without its bytes) and params.
 * @throws INVALID_SPEC, UNKNOWN_PROCESSOR at once, or for a function whenever it is asked.
 */
export function imageSpec<const Declared extends DeclaredParams>(
  make: MakeContent<ParamsOf<Declared>>,
  settings: DynamicSpecSettings<Declared> & { readonly params: Declared },
): ImageSpec<ParamsOf<Declared>>
export function imageSpec<Params = JsonValue>(make: MakeContent<Params>, settings?: SpecSettings): ImageSpec<Params>
// The last one, since a compiler tells of that why it does not fit.
export function imageSpec(content: SpecContent, settings?: SpecSettings): ImageSpec
export function imageSpec(
  content: SpecContent | MakeContent<never>,
  settings: DynamicSpecSettings<DeclaredParams> = {},
): object {
  if (typeof content === 'function') return dynamicSpec(content as MakeContent<JsonValue>, settings)
  const spec = resolveContent(content, settings.use)
  return definitionOf({
    resolve: () => spec,
    fingerprint: fingerprintOf(spec),
    placeholder: spec.placeholder,
    ...settings,
  })
}

function dynamicSpec(make: MakeContent<JsonValue>, settings: DynamicSpecSettings<DeclaredParams>): ImageSpec {
  const { params: declared, use } = settings
  const resolve: Resolve = (source, params) => {
    if (declared) assertParams(declared, params)
    return resolveContent(make(source, params), use)
  }
  const fingerprint: ImageSpec['fingerprint'] = (source = unnamed, params) => fingerprintOf(resolve(source, params))
  const spec = definitionOf({ resolve, fingerprint, ...settings })
  return declared ? { ...spec, variants: variantsOf(declared) } : spec
}
