/** Whose fault an error is: the source's (it will fail again), the machine's (it may not), or the caller's. */
export type Fault = 'source' | 'machine' | 'caller'

const brand = Symbol.for('latent-image.error')

/** Every error of Latent Image and its plugins: a stable `code`, whose `fault` it is, and what to do in the message. */
export class LatentImageError extends Error {
  override readonly name = 'LatentImageError'
  readonly code: string
  readonly fault: Fault

  /** @param options.fault - By default `caller`. */
  constructor(code: string, message: string, options: { readonly cause?: unknown; readonly fault?: Fault } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.fault = options.fault ?? 'caller'
  }

  get [brand](): true {
    return true
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

/** A catalogue's message: a text with `{detail}` in the places of its details (lists with commas), or a function of them. */
export type ErrorMessage = string | ((details: never) => string)

type DetailsOf<Message> = Message extends (details: infer Details) => string
  ? Details
  : { readonly [Detail in NamesIn<Message>]: unknown }

type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never

/** One function per code; each makes an error, to be thrown. */
export type ErrorCatalogue<Messages> = {
  readonly [Code in keyof Messages]: (details: DetailsOf<Messages[Code]>, cause?: unknown) => LatentImageError
}

/**
 * Makes a catalogue of errors that are of one kind of fault; the keys are the codes.
 *
 * @example
 * const errors = defineErrors('machine', { QUEUE_FULL: 'The queue holds {limit} jobs already. Try again later.' })
 * throw errors.QUEUE_FULL({ limit })
 */
export function defineErrors<const Messages extends Readonly<Record<string, ErrorMessage>>>(
  fault: Fault,
  messages: Messages,
): ErrorCatalogue<Messages>
/** MIGRATING */
export function defineErrors<
  const Entries extends Readonly<Record<string, readonly [Fault, (details: never) => string]>>,
>(
  entries: Entries,
): { readonly [Code in keyof Entries]: (details: Parameters<Entries[Code][1]>[0], cause?: unknown) => LatentImageError }
export function defineErrors(
  fault: Fault | Readonly<Record<string, readonly [Fault, (details: never) => string]>>,
  messages: Readonly<Record<string, ErrorMessage>> = {},
): ErrorCatalogue<Readonly<Record<string, ErrorMessage>>> {
  if (typeof fault !== 'string') {
    return Object.assign(
      {},
      ...Object.entries(fault).map(([code, [kind, message]]) => defineErrors(kind, { [code]: message })),
    )
  }
  const make = ([code, message]: [string, ErrorMessage]) => [
    code,
    (details: never, cause?: unknown) => new LatentImageError(code, fill(message, details), { cause, fault }),
  ]
  return Object.fromEntries(Object.entries(messages).map(make))
}

function fill(message: ErrorMessage, details: never): string {
  if (typeof message === 'function') return message(details)
  return message.replace(/\{(\w+)\}/g, (_, name: string) => [details[name]].flat().join(', '))
}
