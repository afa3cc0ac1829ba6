import { frozenJson } from './canonical-json.ts'
import type { Source, SourceReference } from './contracts/source.ts'
import { errors } from './error-catalogue.ts'
import type { FileReference, ImageCacheFile } from './image-cache-file.ts'

/** A name, a name with more, something with bytes of its own, a `File`, or another derivative. */
export type SourceInput = string | SourceReference | Source | Blob | ImageCacheFile | null | undefined

/** A source as a file keeps it. */
export interface FileSource {
  /** What enters names and travels in references. */
  readonly reference: SourceReference & { readonly file?: FileReference }
  /** For sources with bytes of their own; the others are found by name. */
  readonly open?: () => Promise<Uint8Array>
  /** For a source that is itself a derivative. */
  readonly file?: ImageCacheFile
}

/** Marks an `ImageCacheFile`, of whichever copy of this package. */
export const fileBrand = Symbol.for('latent-image.file')

/**
 * Understands what users give as a source. Nothing, an empty name, and a derivative without a source are no source.
 *
 * @throws INVALID_SOURCE
 */
export function fileSource(input: SourceInput): FileSource | undefined {
  if (!input) return undefined
  if (typeof input === 'string') return { reference: Object.freeze({ name: input }) }
  if (typeof input !== 'object') throw errors.INVALID_SOURCE({ problem: `it is a ${typeof input}` })
  if (fileBrand in input) return input.name === null ? undefined : derivativeSource(input as ImageCacheFile, input.name)
  if (input instanceof Blob) return blobSource(input)
  const { name, revision, attributes } = input
  if (name === '') return undefined
  if (typeof name !== 'string') throw errors.INVALID_SOURCE({ problem: 'it has no name' })
  if (revision !== undefined && (typeof revision !== 'string' || /[\r\n]/.test(revision))) {
    throw errors.INVALID_SOURCE({ problem: `the revision of \`${name}\` is not a string without line breaks` })
  }
  const reference = Object.freeze({
    name,
    ...(revision !== undefined && { revision }),
    ...(attributes !== undefined && { attributes: frozenJson(attributes, 'attributes') }),
  })
  return 'open' in input && typeof input.open === 'function' ? { reference, open: () => input.open() } : { reference }
}

function derivativeSource(file: ImageCacheFile, name: string): FileSource {
  return { reference: Object.freeze({ name, file: file.reference }), file }
}

/** Two uploads of one name are not one picture: what a `File` tells of itself is its revision. */
function blobSource(blob: Blob): FileSource {
  const { name, lastModified } = blob as File
  if (!name) throw errors.INVALID_SOURCE({ problem: 'it is a Blob without a name' })
  return {
    reference: Object.freeze({ name, revision: `${lastModified ?? ''}-${blob.size}` }),
    open: async () => new Uint8Array(await blob.arrayBuffer()),
  }
}
