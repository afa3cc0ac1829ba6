import { hash } from 'node:crypto'
import { canonicalJson } from '../canonical-json.ts'
import type { JsonValue } from '../contracts/json-value.ts'
import type { SourceReference } from '../contracts/source.ts'
import { errors } from '../error-catalogue.ts'
import { extensionOfFormat, formatOfName } from '../formats.ts'
import type { RegisteredGenerator } from '../registered-generator.ts'
import { isKey } from '../storage-key.ts'
import { namers } from './namers.ts'
import { shownName, withoutExtension } from './shown-name.ts'

type Origin = SourceReference | undefined

// These are known to begin the names of everything made from one source alike.
const ourNamers = Object.values(namers)

const digits = 32
/** How many of them are the same for everything made from one source. */
const sourceDigits = 8

/** What of a fingerprint enters a name. */
export interface Fingerprint {
  /** SHA-256 in hex. */
  readonly digest: string
  readonly format: string | undefined
}

/** The name of a file. */
export function fileName(generator: RegisteredGenerator, source: Origin, params: JsonValue): string {
  const { digest, format } = fingerprintOf(generator, source, params)
  const rest = sha256(`${digest}\n${source?.revision ?? ''}\n${source?.name ?? ''}`).slice(0, digits - sourceDigits)
  const hash = sourceHash(source?.name ?? generator.id) + rest
  const name = named(generator, source, hash, format)
  if (!source || ourNamers.includes(generator.namer) || name.startsWith(sharedName(generator, source.name))) return name
  throw errors.INVALID_NAME({ generator: generator.id, name, hash })
}

/** The beginning that the names of everything made from a source share. */
export function sharedName(generator: RegisteredGenerator, sourceName: string): string {
  const hash = sourceHash(sourceName).padEnd(digits, '0')
  const name = named(generator, { name: sourceName }, hash)
  return name.slice(0, name.indexOf(hash) + sourceDigits)
}

/** The first digits of the hash of everything made from a source (or by a generator without one). */
export function sourceHash(name: string): string {
  return sha256(name).slice(0, sourceDigits)
}

function named(generator: RegisteredGenerator, source: Origin, hash: string, format?: string): string {
  const name = callNamer(generator, source, hash, extensionOfFormat(format ?? formatOfName(source?.name ?? '')))
  if (typeof name === 'string' && name.includes(hash) && isKey(name)) return name
  throw errors.INVALID_NAME({ generator: generator.id, name, hash })
}

function callNamer(
  { id, namer, prefix }: RegisteredGenerator,
  source: Origin,
  hash: string,
  extension: string,
): string {
  const shown = shownName(source ? withoutExtension(source.name) : id.replaceAll(':', '/'))
  try {
    return namer({ generator: id, source, shownName: shown, hash, extension, prefix })
  } catch (cause) {
    throw errors.INVALID_NAME({ generator: id, name: 'nothing', hash }, cause)
  }
}

function fingerprintOf(generator: RegisteredGenerator, source: Origin, params: JsonValue): Fingerprint {
  const { fingerprint } = generator.definition
  if (typeof fingerprint === 'function') return hashed(generator, fingerprint(source, params))
  // A generator whose fingerprint cannot know the params may still use them.
  if (!isEmpty(params)) return hashed(generator, fingerprint, { fingerprint, params })
  generator.fingerprint ??= hashed(generator, fingerprint)
  return generator.fingerprint
}

function hashed({ definition, salt }: RegisteredGenerator, value: JsonValue, whole: JsonValue = value): Fingerprint {
  const declared = (value as { readonly format?: unknown } | null)?.format
  return {
    digest: sha256(salt + canonicalJson(whole, 'fingerprint')),
    format: definition.format ?? (typeof declared === 'string' ? declared : undefined),
  }
}

function isEmpty(params: JsonValue): boolean {
  return params === null || (typeof params === 'object' && Object.keys(params).length === 0)
}

/** SHA-256 of a text as UTF-8, in hex. */
function sha256(text: string): string {
  // UTF-8 has no lone surrogates: two such names would become one. 0xff starts no UTF-8 text.
  return hash('sha256', text.isWellFormed() ? text : Buffer.from(`\uffff${text}`, 'utf16le'), 'hex')
}
