import { setTimeout } from 'node:timers/promises'
import { errors } from './errors.ts'
import { adapterFor, type RedisClient, type RedisConnection } from './redis-connection.ts'

/** Milliseconds between two signs of life. */
const beat = 250

/** How many beats may stay unanswered. Beats and not time, for a process that stalls must not take itself for an outage. */
const patience = 4

/** Milliseconds that `release` waits for answers under way. */
const farewell = 500

/** A connection to one server that mends itself, and that nobody else uses. */
export class OwnConnection implements RedisConnection {
  readonly address: string
  readonly adapter
  #client: RedisClient
  #firstAnswer: Promise<void> | undefined
  #heart: NodeJS.Timeout | undefined
  readonly #underWay = new Set<Promise<unknown>>()
  #unanswered = 0
  #released = false

  constructor(client: RedisClient, address: string) {
    this.#client = client
    this.adapter = adapterFor(client)
    this.address = address
  }

  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#released) throw errors.CACHE_RELEASED({ store: this.address })
    this.#heart ??= setInterval(() => this.#beat(), beat).unref()
    this.#firstAnswer ??= this.#connect()
    const result = this.#firstAnswer.then(work)
    this.#underWay.add(result)
    try {
      return await result
    } finally {
      this.#underWay.delete(result)
    }
  }

  async release(): Promise<void> {
    this.#released = true
    clearInterval(this.#heart)
    // The adapter would connect anew for a call that comes after the end, and the client forgets a socket that opens
    // after it.
    await this.#firstAnswer
    await Promise.race([Promise.allSettled(this.#underWay), setTimeout(farewell, undefined, { ref: false })])
    if (this.#client.isOpen) this.#client.destroy()
  }

  /**
   * Resolves at the first success or failure; from then on the client reconnects by itself. (The adapter would connect
   * too, but with four more listeners each time, and would give up after a failure.)
   */
  #connect(): Promise<void> {
    const client = this.#client
    return new Promise((resolve) => {
      client.once('ready', resolve)
      client.once('error', () => resolve())
      client.connect().catch(() => {})
    })
  }

  #beat(): void {
    const client = this.#client
    if (!client.isReady) return
    if (this.#unanswered === patience) {
      this.#replace()
      return
    }
    this.#unanswered++
    const answered = () => {
      if (client === this.#client) this.#unanswered = 0
    }
    client.ping().then(answered, () => {})
  }

  /** A frozen server, or one that is gone without a word, would go on taking what is written and never answer. */
  #replace(): void {
    this.#client.destroy()
    this.#client = this.#client.duplicate()
    this.adapter.client = this.#client
    this.#unanswered = 0
    this.#firstAnswer = this.#connect()
  }
}
