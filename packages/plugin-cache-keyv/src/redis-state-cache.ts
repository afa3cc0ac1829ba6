import { type FileState, isLatentImageError, type StateCache } from '@latent-image/kernel'
import type { Keyv } from 'keyv'
import { errors } from './errors.ts'
import type { Place } from './place.ts'
import { isRecord, lifetimeOf } from './record.ts'
import type { RedisConnection } from './redis-connection.ts'
import { swapScript } from './swap-script.ts'
import { tolerantKeyv } from './tolerant-keyv.ts'

export interface RedisStateCacheOptions {
  readonly connection: RedisConnection
  readonly place: Place
  /** Milliseconds after which an ordinary record may be forgotten. */
  readonly ttl: number | undefined
}

/** State in Redis, kept where and how Keyv keeps its values, except that Redis compares the versions and counts the time. */
export class RedisStateCache implements StateCache {
  readonly supports = { sharedBetweenProcesses: true, atomicSwap: true }
  readonly #connection: RedisConnection
  readonly #keyv: Keyv
  readonly #prefix: string
  readonly #ttl: number | undefined

  constructor({ connection, place, ttl }: RedisStateCacheOptions) {
    this.#connection = connection
    this.#keyv = tolerantKeyv({ store: connection.adapter }, place.namespace)
    this.#prefix = place.prefix
    this.#ttl = ttl
  }

  get(key: string): Promise<FileState | undefined> {
    return this.#attempt(async () => {
      const value: unknown = await this.#keyv.get(this.#prefix + key).catch(nothingOfAnotherType)
      return isRecord(value) ? value : undefined
    })
  }

  swap(key: string, expected: string | undefined, next: FileState | undefined, ttlMs?: number): Promise<boolean> {
    return this.#attempt(async () => {
      // Without the time in it: Keyv would compare that with the clock of this machine.
      const text = next ? String(await this.#keyv.serializeData({ value: next, expires: undefined })) : ''
      const lifetime = next ? String(lifetimeOf(next, this.#ttl, ttlMs) ?? '') : ''
      const answer = await this.#evaluate(key, [...conditionFor(expected), text, lifetime])
      if (!Array.isArray(answer)) return answer === 1
      const [digest, found] = answer
      // What Redis could not judge is judged here, and swapped only if it is still there.
      const known = (await this.#keyv.deserializeData(found))?.value
      if (expected !== (isRecord(known) ? known.version : undefined)) return false
      return (await this.#evaluate(key, ['digest', digest, text, lifetime])) === 1
    })
  }

  async #attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await this.#connection.use(work)
    } catch (error) {
      if (isLatentImageError(error)) throw error
      const reason = error instanceof Error ? error.message : String(error)
      throw errors.CACHE_UNREACHABLE({ store: this.#connection.address, reason }, error)
    }
  }

  async #evaluate(key: string, args: string[]): Promise<unknown> {
    const { adapter } = this.#connection
    const keys = [adapter.createKeyPrefix(this.#prefix + key, adapter.namespace)]
    const client = await adapter.getClient()
    const { eval: evaluate } = client as { eval(script: string, options: object): Promise<unknown> }
    return evaluate.call(client, swapScript, { keys, arguments: args })
  }
}

/** A value of another type, such as a list, is nobody's record. */
function nothingOfAnotherType(error: unknown): undefined {
  if (!(error instanceof Error && error.message.startsWith('WRONGTYPE'))) throw error
}

function conditionFor(version: string | undefined): [condition: string, expected: string] {
  if (version === undefined) return ['none', '']
  // Keyv writes a string that begins with a colon with another one before it.
  return ['version', version.startsWith(':') ? `:${version}` : version]
}
