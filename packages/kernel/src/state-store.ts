import { randomUUID } from 'node:crypto'
import { type GuardedCache, guarded, unavailable } from './cache-guard.ts'
import type { FileState, StateCache } from './contracts/state-cache.ts'
import { errors } from './error-catalogue.ts'
import type { KernelEvents } from './events.ts'
import { frozen, isFresh, type Knowledge, type StateRules } from './state.ts'

/** Records in memory at the most, of each kind. */
const mostRecords = 10_000
// Losing a swap means that another one won it, so this many losses in a row are a cache that does not work.
const mostTries = 100

/** What this process learned during an outage. */
interface Unsaved {
  readonly record: FileState
  /** Versions that it began from, or that the cache may have got after all. */
  readonly own: ReadonlySet<string | undefined>
  /** It tells of a change, which what others learned meanwhile does not undo. */
  readonly isNews: boolean
}

type Change<Result> = (record: FileState | undefined) => Result | Promise<Result>

/**
 * The records of one state cache. In front of it, fresh and present files are remembered for a while. While it is down,
 * what this process learns is kept here, and brought to the cache when it is back.
 */
export class StateStore {
  readonly #cache: GuardedCache
  readonly #plugin: string
  readonly #events: KernelEvents
  readonly #rules: StateRules
  readonly #remembered = new Map<string, { readonly record: FileState; readonly until: number }>()
  readonly #unsaved = new Map<string, Unsaved>()
  readonly #settling = new Map<string, Promise<void>>()
  // A cache that forgets that a file is old must not make it pass for fresh.
  readonly #old = new Map<string, true>()
  // What was read while this process changed anything must not be remembered.
  #changes = 0

  constructor(cache: StateCache, plugin: string, rules: StateRules, events: KernelEvents) {
    this.#cache = guarded(cache, plugin, events, () => void this.#settleAll())
    this.#plugin = plugin
    this.#events = events
    this.#rules = rules
  }

  /** The record of a file known to be present and fresh, without asking the cache. */
  remembered(key: string): FileState | undefined {
    const entry = this.#remembered.get(key)
    return entry && this.#rules.isAhead(entry.until, this.#rules.times.memory) ? entry.record : undefined
  }

  /** Whether this process knows that what is stored was made from something that has changed since. */
  isOld(key: string): boolean {
    return this.#old.has(key)
  }

  async get(key: string): Promise<FileState | undefined> {
    const remembered = this.remembered(key)
    if (remembered) return remembered
    const changes = this.#changes
    const record = await this.#read(key)
    if (changes === this.#changes) this.#remember(key, record)
    return record
  }

  /** Compare-and-swap; `next` is stored under a new version. Resolves to the stored record, or `undefined` if it lost. */
  async swap(key: string, expected: FileState | undefined, next: Knowledge): Promise<FileState | undefined> {
    const record: FileState = frozen({ ...next, version: randomUUID() })
    const changes = this.#forget(key)
    const isSwapped = await this.#swap(key, expected, record)
    const isUndisturbed = changes === this.#changes
    this.#forget(key)
    if (!isSwapped) return undefined
    if (isUndisturbed) this.#remember(key, record)
    if (record.stale) keep(this.#old, key, true)
    else this.#old.delete(key)
    return record
  }

  /**
   * Swaps until it succeeds. Resolves to the record as it is then: `next` may return the one it was given, to leave it
   * alone, or decline with `undefined`.
   *
   * @param seen - The record as it was seen last: it is only asked for where it turns out to be another by now.
   */
  async change(key: string, next: Change<Knowledge>, seen?: FileState): Promise<FileState>
  async change(key: string, next: Change<Knowledge | undefined>, seen?: FileState): Promise<FileState | undefined>
  async change(key: string, next: Change<Knowledge | undefined>, seen?: FileState): Promise<FileState | undefined> {
    for (let tries = 0; tries < mostTries; tries++) {
      const record = tries === 0 && seen ? seen : await this.get(key)
      const knowledge = await next(record)
      if (knowledge === undefined) return knowledge
      if (record && knowledge === record) return record
      const changed = await this.swap(key, record, knowledge)
      if (changed) return changed
    }
    // From here on this process goes on alone, as in any outage.
    await this.#cache.ask('swap', async () => Promise.reject(errors.STATE_CONFLICT({ name: key })))
    return this.change(key, next)
  }

  /** Tries once more to bring to the cache what it does not know yet. */
  async close(): Promise<void> {
    if (this.#unsaved.size > 0) await this.#cache.probe()
    await this.#settleAll()
    this.#cache.close()
    if (this.#unsaved.size === 0) return
    const message = `The cache did not get to know what became of ${this.#unsaved.size} files; other processes may believe what is not true any more.`
    this.#events.emit('warning', { message, plugin: this.#plugin })
  }

  async #read(key: string): Promise<FileState | undefined> {
    const record = (await this.#isSettled(key)) ? await this.#cache.ask('get', (cache) => cache.get(key)) : unavailable
    if (record === unavailable) return this.#unsaved.get(key)?.record
    return typeof record?.version === 'string' ? record : undefined
  }

  async #swap(key: string, expected: FileState | undefined, record: FileState): Promise<boolean> {
    if (await this.#isSettled(key)) {
      const ttl = this.#rules.ttlOf(record)
      const isSwapped = await this.#cache.ask('swap', (cache) => cache.swap(key, expected?.version, record, ttl))
      if (isSwapped !== unavailable) return isSwapped
    }
    const earlier = this.#unsaved.get(key)
    if (earlier && earlier.record.version !== expected?.version) return false
    const isNews = (earlier?.isNews && !isFresh(record)) || isChange(expected, record)
    const own = new Set([...(earlier?.own ?? []), expected?.version, record.version])
    keep(this.#unsaved, key, { record, own, isNews })
    return true
  }

  #forget(key: string): number {
    this.#remembered.delete(key)
    this.#changes += 1
    return this.#changes
  }

  #remember(key: string, record: FileState | undefined): void {
    const { memory, exists } = this.#rules.times
    const until = this.#rules.now() + Math.min(memory, exists)
    if (record && isFresh(record)) keep(this.#remembered, key, { record: frozen(record), until })
  }

  /** Whether the cache knows what this process learned of a key during an outage; if it can be told, it is. */
  async #isSettled(key: string): Promise<boolean> {
    const unsaved = this.#unsaved.get(key)
    if (!unsaved) return true
    const settling = this.#settling.get(key) ?? this.#settle(key, unsaved).finally(() => this.#settling.delete(key))
    this.#settling.set(key, settling)
    await settling
    return !this.#unsaved.has(key)
  }

  async #settle(key: string, unsaved: Unsaved): Promise<void> {
    const known = await this.#cache.ask('get', (cache) => cache.get(key))
    if (known === unavailable) return
    const record = merged(known, unsaved)
    const isSettled =
      record === known ||
      (await this.#cache.ask('swap', (cache) => cache.swap(key, known?.version, record, this.#rules.ttlOf(record))))
    if (isSettled === true && this.#unsaved.get(key) === unsaved) {
      this.#forget(key)
      this.#unsaved.delete(key)
    }
  }

  /** One after the other, so that a cache that has just come back is not overrun, and no further than it can follow. */
  async #settleAll(): Promise<void> {
    for (const key of [...this.#unsaved.keys()]) if (!(await this.#isSettled(key))) return
  }
}

/** Sets an entry of a bounded map; the oldest one makes room. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.size > mostRecords ? map.keys() : []
  if (oldest !== undefined) map.delete(oldest)
}

/** Whether a record says that a file, or a source, has changed: it is no claim, no end of one, and no look at storage. */
function isChange(before: FileState | undefined, after: FileState): boolean {
  return !before?.work && !after.work && after.absentUntil === undefined && !isFresh(after)
}

/** What is true where others may have gone on while this process was cut off. */
function merged(known: FileState | undefined, { record, own, isNews }: Unsaved): FileState {
  if (!known || own.has(known.version)) return record
  if (isNews) return { ...record, ...(record.stale && known.bytes && { bytes: known.bytes }) }
  // A claim, an absence, a look at storage say less than what others made, or are making.
  const isLittle = !isFresh(record) || !record.facts
  if (isLittle)
    return isFresh(known) || (known.work && !record.work) || (known.stale && isFresh(record)) ? known : record
  // Whose bytes came last is unknown.
  return known.stale ? { ...record, stale: true, version: randomUUID() } : record
}
