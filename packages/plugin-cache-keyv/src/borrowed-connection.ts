import type { RedisClientConnectionType } from '@keyv/redis'
import { adapterFor, type RedisConnection } from './redis-connection.ts'

/** The connections of somebody's cluster or sentinel client, as they are set up; they stay theirs to close. */
export class BorrowedConnection implements RedisConnection {
  readonly address = 'Redis'
  readonly adapter
  readonly #client: RedisClientConnectionType
  #opening: Promise<unknown> | undefined

  constructor(client: RedisClientConnectionType) {
    this.#client = client
    this.adapter = adapterFor(client)
  }

  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (!this.#client.isOpen) {
      this.#opening = this.#client.connect().finally(() => {
        this.#opening = undefined
      })
    }
    await this.#opening
    return work()
  }

  async release(): Promise<void> {}
}
