import { hash } from 'node:crypto'
import { canonicalJson } from '../canonical-json.ts'
import type { JsonValue } from '../contracts/json-value.ts'
import type { SourceReference } from '../contracts/source.ts'
import { errors } from '../error-catalogue.ts'
import { isLatentImageError } from '../errors.ts'
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

/**
 * The name of a file.
 *
 * @throws INVALID_NAME, NAMING_FAILED, NOT_JSON, and what a dynamic spec throws with a code.
 */
export function fileName(generator: RegisteredGenerator, source: Origin, params: JsonValue): string {
  return naming(generator, source, () => {
    const { digest, format } = fingerprintOf(generator, source, params)
    const rest = sha256(`${digest}\n${source?.revision ?? ''}\n${source?.name ?? ''}`).slice(0, digits - sourceDigits)
    const hash = sourceHash(source?.name ?? generator.id) + rest
    const name = named(generator, source, hash, format)
    const isKnown = !source || ourNamers.includes(generator.namer)
    if (isKnown || name.startsWith(sharedName(generator, source.name))) return name
    throw errors.INVALID_NAME({ generator: generator.id, name, hash })
  })
}

/** The beginning that the names of everything made from a source share. */
export function sharedName(generator: RegisteredGenerator, sourceName: string): string {
  const source = { name: sourceName }
  const hash = sourceHash(sourceName).padEnd(digits, '0')
  const name = naming(generator, source, () => named(generator, source, hash))
  return name.slice(0, name.indexOf(hash) + sourceDigits)
}

/** What namers and fingerprints throw gets a code, and the generator's id. */
function naming(generator: RegisteredGenerator, source: Origin, name: () => string): string {
  try {
    return name()
  } catch (cause) {
    if (isLatentImageError(cause)) throw cause
    throw errors.NAMING_FAILED({ generator: generator.id, source: source?.name ?? 'none' }, cause)
  }
}

/** The first digits of the hash of everything made from a source (or by a generator without one). */
export function sourceHash(name: string): string {
  return sha256(name).slice(0, sourceDigits)
}

function named({ id, namer, prefix }: RegisteredGenerator, source: Origin, hash: string, format?: string): string {
  const shown = shownName(source ? withoutExtension(source.name) : id.replaceAll(':', '/'))
  const extension = extensionOfFormat(format ?? formatOfName(source?.name ?? ''))
  const name = namer({ generator: id, source, shownName: shown, hash, extension, prefix })
  if (typeof name === 'string' && name.includes(hash) && isKey(name)) return name
  throw errors.INVALID_NAME({ generator: id, name, hash })
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
