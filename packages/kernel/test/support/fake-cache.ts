import type { FileState, StateCache } from '../../src/index.ts'

/** What a cache may suffer from. */
export type CacheFault = 'down' | 'frozen' | 'refusing' | 'read-only'

/** A state cache in memory that can fail, freeze, refuse every swap, and forget. */
export class FakeCache implements StateCache {
  readonly supports = { sharedBetweenProcesses: true, atomicSwap: true }
  readonly records = new Map<string, FileState>()
  fault: CacheFault | undefined
  calls = 0
  /** Run before a call is carried out, before what was read is handed out, and when a swap has won. */
  before: (call: 'get' | 'swap', key: string) => Promise<void> | void = () => undefined
  after: (read: FileState | undefined) => Promise<void> | void = () => undefined
  afterSwap: () => Promise<void> | void = () => undefined

  async get(key: string): Promise<FileState | undefined> {
    await this.#suffer('get', key)
    const read = structuredClone(this.records.get(key))
    await this.after(read)
    return read
  }

  async swap(key: string, expected: string | undefined, next: FileState | undefined): Promise<boolean> {
    await this.#suffer('swap', key)
    if (this.fault === 'refusing' || this.records.get(key)?.version !== expected) return false
    if (next) this.records.set(key, structuredClone(next))
    else this.records.delete(key)
    await this.afterSwap()
    return true
  }

  async #suffer(call: 'get' | 'swap', key: string): Promise<void> {
    this.calls += 1
    await this.before(call, key)
    if (this.fault === 'down') throw new Error('The cache is down.')
    if (this.fault === 'read-only' && call === 'swap') throw new Error('The cache is read-only.')
    if (this.fault === 'frozen') await new Promise(() => undefined)
  }
}
