import type { Facts, GeneratorDefinition, JsonValue, Namer, Plugin } from '@latent-image/kernel'
import { Gate } from './gate.ts'

export interface FakeGeneratorOptions {
  /** @default 'required' */
  readonly source?: 'required' | 'none'
  /** Tells one fake from another: it is part of names and bytes. @default 'fake' */
  readonly fingerprint?: JsonValue
  /** @default 'webp' */
  readonly format?: string
  readonly plugins?: readonly Plugin[]
  readonly namer?: Namer
  readonly variants?: readonly JsonValue[]
  /** Whether facts can be read from bytes that were made before. @default true */
  readonly inspects?: boolean
}

/** A generator whose images are a few bytes that tell what they were made from. */
export interface FakeGenerator extends GeneratorDefinition {
  /** How many times `generate` and `inspect` were called. */
  readonly calls: { generate: number; inspect: number }
  /** Generations that are held after their source was read. */
  readonly gate: Gate
  /** What generations are to fail with, while it is set. */
  failure: unknown
  /** The bytes it makes of a source's bytes, for comparison. */
  imageOf(source?: Uint8Array, params?: JsonValue): Uint8Array
}

/** Makes a generator that needs no pictures. The facts of its images are made up. */
export function fakeGenerator(options: FakeGeneratorOptions = {}): FakeGenerator {
  const { source = 'required', fingerprint = 'fake', format = 'webp', inspects = true, ...rest } = options
  const facts: Facts = { width: 20, height: 10, type: `image/${format}` }

  const generator: FakeGenerator = {
    ...rest,
    source,
    fingerprint,
    format,
    calls: { generate: 0, inspect: 0 },
    gate: new Gate(),
    failure: undefined,
    imageOf: (bytes, params = {}) => encode([fingerprint, params, bytes ? decode(bytes) : null]),

    async generate({ source: original, params, signal }) {
      generator.calls.generate += 1
      const bytes = await original?.open()
      await generator.gate.pass(signal)
      if (generator.failure !== undefined) throw generator.failure
      return { data: generator.imageOf(bytes, params), facts }
    },

    ...(inspects && {
      async inspect() {
        generator.calls.inspect += 1
        return facts
      },
    }),
  }
  return generator
}

function encode(value: JsonValue): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
