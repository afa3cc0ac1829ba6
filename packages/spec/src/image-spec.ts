import {
  type Facts,
  formatOfName,
  type GeneratedImage,
  type GenerateInput,
  type GeneratorDefinition,
  type JsonValue,
  type Namer,
  type Plugin,
  type SourceReference,
} from '@latent-image/kernel'
import { develop } from './develop.ts'
import { type Format, isFormat } from './formats.ts'
import { inspect } from './inspect.ts'
import { assertParams, type DeclaredParams, type ParamsOf, variantsOf } from './params.ts'
import type { AnyProcessor } from './processor.ts'
import { recognise } from './recognise.ts'
import { fingerprintOf, type ResolvedSpec, resolveContent, type SpecContent } from './spec-content.ts'

/** What a generator can be given beside its spec. */
export interface SpecSettings {
  /** The innermost scope, for this generator alone. */
  readonly plugins?: readonly Plugin[] | undefined
  readonly namer?: Namer | undefined
  /** Processors of one's own that steps written as data may name. Steps made by a call bring their own. */
  readonly use?: readonly AnyProcessor[] | undefined
}

export interface DynamicSpecSettings<Declared extends DeclaredParams> extends SpecSettings {
  /** The values that each param may have: others are refused, and all combinations can be enumerated. */
  readonly params?: Declared | undefined
}

/** An image spec, as a generator that can be registered, and as a function of its own. */
export interface ImageSpec<Params = JsonValue> extends GeneratorDefinition<Params> {
  readonly source: 'required'
  inspect(data: Uint8Array): Promise<Facts>
  /** For the kernel. */
  generate(input: GenerateInput<Params>): Promise<GeneratedImage>
  /** Without a kernel: makes the derivative of a picture at hand, in the picture's own format if the spec has none. */
  generate(data: Uint8Array, params?: Params): Promise<GeneratedImage>
}

/** Makes the content of a spec from a source (without its bytes) and params. Must depend on nothing else. */
export type MakeContent<Params> = (source: SourceReference, params: Params) => SpecContent

/**
 * Makes an image spec: a generator that makes its image from a source, by processors, then format and options.
 *
 * @param content - What to do; or a function that tells, from a source (without its bytes) and params.
 * @throws INVALID_SPEC, UNKNOWN_PROCESSOR at once, or for a function whenever it is asked.
 */
export function imageSpec(content: SpecContent, settings?: SpecSettings): ImageSpec
export function imageSpec<const Declared extends DeclaredParams>(
  make: MakeContent<ParamsOf<Declared>>,
  settings: DynamicSpecSettings<Declared> & { readonly params: Declared },
): ImageSpec<ParamsOf<Declared>>
export function imageSpec<Params = JsonValue>(make: MakeContent<Params>, settings?: SpecSettings): ImageSpec<Params>
export function imageSpec(
  content: SpecContent | MakeContent<never>,
  settings: DynamicSpecSettings<DeclaredParams> = {},
): object {
  if (typeof content === 'function') return dynamicSpec(content as MakeContent<JsonValue>, settings)
  const spec = resolveContent(content, settings.use)
  return specOf(() => spec, fingerprintOf(spec), settings)
}

function dynamicSpec(make: MakeContent<JsonValue>, settings: DynamicSpecSettings<DeclaredParams>): ImageSpec {
  const { params: declared, use } = settings
  const resolve: Resolve = (source, params) => {
    if (declared) assertParams(declared, params)
    return resolveContent(make(source, params), use)
  }
  const fingerprint: ImageSpec['fingerprint'] = (source = unnamed, params) => fingerprintOf(resolve(source, params))
  const spec = specOf(resolve, fingerprint, settings)
  return declared ? { ...spec, variants: variantsOf(declared) } : spec
}

type Resolve = (source: SourceReference, params: JsonValue) => ResolvedSpec

const unnamed: SourceReference = { name: '' }

function specOf(resolve: Resolve, fingerprint: ImageSpec['fingerprint'], { plugins, namer }: SpecSettings): ImageSpec {
  async function fromBytes(data: Uint8Array, params: JsonValue): Promise<GeneratedImage> {
    const spec = resolve(unnamed, params)
    return develop({ data, source: 'unnamed', spec, format: spec.format ?? formatOfBytes(data) })
  }

  async function fromSource({ source, params, signal }: GenerateInput<JsonValue>): Promise<GeneratedImage> {
    if (!source) throw new TypeError('An image spec makes its image from a source, and there is none.')
    const spec = resolve(referenceOf(source), params)
    const format = spec.format ?? formatOf(source.name)
    return develop({ data: await source.open(), source: source.name, spec, format, signal })
  }

  return {
    source: 'required',
    fingerprint,
    ...(plugins && { plugins }),
    ...(namer && { namer }),
    generate: (input: Uint8Array | GenerateInput<JsonValue>, params: JsonValue = {}) =>
      input instanceof Uint8Array ? fromBytes(input, params) : fromSource(input),
    inspect,
  }
}

/** What of a source may be depended upon: all but its bytes. */
function referenceOf({ name, revision, attributes }: SourceReference): SourceReference {
  return { name, ...(revision !== undefined && { revision }), ...(attributes !== undefined && { attributes }) }
}

function formatOf(name: string): Format {
  const format = formatOfName(name)
  return isFormat(format) ? format : 'jpeg'
}

function formatOfBytes(data: Uint8Array): Format {
  const kind = recognise(data) ?? 'jpeg'
  return kind === 'svg' ? 'png' : kind
}
