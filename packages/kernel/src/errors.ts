/** Whose fault an error is: the source's (it will fail again), the machine's (it may not), or the caller's. */
export type Fault = 'source' | 'machine' | 'caller'

export interface LatentImageErrorOptions {
  readonly cause?: unknown
  /** @default 'caller' */
  readonly fault?: Fault
}

const brand = Symbol.for('latent-image.error')

/** Every error of Latent Image and its plugins: a stable `code`, whose `fault` it is, and what to do in the message. */
export class LatentImageError extends Error {
  override readonly name = 'LatentImageError'
  readonly code: string
  readonly fault: Fault

  constructor(code: string, message: string, { cause, fault = 'caller' }: LatentImageErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.fault = fault
    Object.defineProperty(this, brand, { value: true })
  }
}

/** Whether a value is a {@link LatentImageError}, of whichever copy of this package. */
export function isLatentImageError(value: unknown): value is LatentImageError {
  return typeof value === 'object' && value !== null && brand in value
}

/** The `code` of whatever was thrown, or an empty string. */
export function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : ''
}

/** A catalogue's entry: whose fault it is, and the message for its details. */
export type ErrorEntry = readonly [fault: Fault, message: (details: never) => string]

/** One function per code of a catalogue; each makes an error, to be thrown. */
export type ErrorCatalogue<Entries extends Readonly<Record<string, ErrorEntry>>> = {
  readonly [Code in keyof Entries]: (details: Parameters<Entries[Code][1]>[0], cause?: unknown) => LatentImageError
}

/** Makes a catalogue of errors: `throw errors.QUEUE_FULL({ limit })`. The keys are the codes. */
export function defineErrors<const Entries extends Readonly<Record<string, ErrorEntry>>>(
  entries: Entries,
): ErrorCatalogue<Entries> {
  const make = ([code, [fault, message]]: [string, ErrorEntry]) => [
    code,
    (details: never, cause?: unknown) => new LatentImageError(code, message(details), { cause, fault }),
  ]
  return Object.fromEntries(Object.entries(entries).map(make))
}
