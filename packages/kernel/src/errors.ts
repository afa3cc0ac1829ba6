/** Whose fault an error is: the source's (it will fail again), the machine's (it may not), or the caller's. */
export type Fault = 'source' | 'machine' | 'caller'

const brand = Symbol.for('latent-image.error')

export interface LatentImageErrorOptions {
  readonly cause?: unknown
  /** @default 'caller' */
  readonly fault?: Fault
  /** Milliseconds after which asking again makes sense. */
  readonly retryAfter?: number | undefined
}

/** Every error of Latent Image and its plugins: a stable `code`, whose `fault` it is, and what to do in the message. */
export class LatentImageError extends Error {
  override readonly name = 'LatentImageError'
  readonly code: string
  readonly fault: Fault
  declare readonly retryAfter?: number

  constructor(code: string, message: string, { cause, fault = 'caller', retryAfter }: LatentImageErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.fault = fault
    if (retryAfter !== undefined) this.retryAfter = retryAfter
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
 * Makes a catalogue of errors that are of one kind of fault; the keys are the codes. A detail `retryAfter` becomes a
 * property of the error.
 *
 * @example
 * const errors = defineErrors('machine', { QUEUE_FULL: 'The queue holds {limit} jobs already. Try again later.' })
 * throw errors.QUEUE_FULL({ limit })
 */
export function defineErrors<const Messages extends Readonly<Record<string, ErrorMessage>>>(
  fault: Fault,
  messages: Messages,
): ErrorCatalogue<Messages> {
  const make = ([code, message]: [string, ErrorMessage]) => {
    const error = (details: Pick<LatentImageErrorOptions, 'retryAfter'>, cause?: unknown) =>
      new LatentImageError(code, fill(message, details as never), { cause, fault, retryAfter: details.retryAfter })
    return [code, error]
  }
  return Object.fromEntries(Object.entries(messages).map(make))
}

function fill(message: ErrorMessage, details: never): string {
  if (typeof message === 'function') return message(details)
  return message.replace(/\{(\w+)\}/g, (_, name: string) => [details[name]].flat().join(', '))
}
