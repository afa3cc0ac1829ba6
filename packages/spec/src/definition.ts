import {
  formatOfName,
  type GeneratedImage,
  type GenerateInput,
  type JsonValue,
  type SourceReference,
} from '@latent-image/kernel'
import { bytesOf, holdsBytes, nameOf } from './bytes.ts'
import { develop } from './develop.ts'
import { errors } from './errors.ts'
import { type Format, isFormat } from './formats.ts'
import { inspect } from './inspect.ts'
import { limitsOfHeaders } from './limits.ts'
import type { PlaceholderKind } from './placeholder.ts'
import { predictedSize } from './predict.ts'
import { recognise } from './recognise.ts'
import { SharedDecoding } from './shared-decoding.ts'
import type { ResolvedSpec } from './spec-content.ts'
import type { ImageSpec, SpecSettings } from './spec-types.ts'

/** Tells what a spec says for a source and params. */
export type Resolve = (source: SourceReference, params: JsonValue) => ResolvedSpec

/** What a dynamic spec is shown of bytes that have no name. */
export const unnamed: SourceReference = { name: '' }

// The one thing that specs share. It holds nothing but work in hand.
const sharedDecoding = new SharedDecoding()

interface Parts extends SpecSettings {
  readonly resolve: Resolve
  readonly fingerprint: ImageSpec['fingerprint']
  /** Where it is the same for all sources and params. */
  readonly placeholder?: PlaceholderKind | undefined
}

/** Makes the definition that a kernel can register. */
export function definitionOf({ resolve, fingerprint, placeholder, plugins, namer, openImage }: Parts): ImageSpec {
  async function fromBytes(data: Uint8Array, params: JsonValue): Promise<GeneratedImage> {
    const spec = resolve(unnamed, params)
    return develop({
      data,
      source: 'unnamed',
      spec,
      format: spec.format ?? formatOfBytes(data),
      openImage,
      sharedDecoding,
    })
  }

  async function fromSource(input: GenerateInput<JsonValue>): Promise<GeneratedImage> {
    const { source, params, signal, openSource } = input ?? {}
    if (!source) throw errors.INVALID_INPUT({ found: nameOf(input) })
    const spec = resolve(referenceOf(source), params)
    const format = spec.format ?? formatOf(source.name)
    return develop({
      data: bytesOf(await source.open()),
      source: source.name,
      spec,
      format,
      signal,
      openImage: openImage ?? openSource,
      sharedDecoding,
    })
  }

  return {
    source: 'required',
    fingerprint,
    ...(plugins && { plugins }),
    ...(namer && { namer }),
    generate: async (input: Uint8Array | ArrayBuffer | GenerateInput<JsonValue>, params: JsonValue = {}) => {
      return holdsBytes(input) ? fromBytes(bytesOf(input), params) : fromSource(input)
    },
    inspect: async (data, from) => {
      if (!from) return inspect(data, placeholder)
      const { source = unnamed, params } = from
      return inspect(data, resolve(referenceOf(source), params).placeholder)
    },
    predict: (size, params = {}, reference = unnamed) => predictedSize(resolve(reference, params), size),
    headerLimits: (params = {}, reference = unnamed) => limitsOfHeaders(resolve(reference, params).limits),
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
