import type { FileState, StateCache } from '@latent-image/kernel'
import { type CacheUnderTest, cacheConformance } from '@latent-image/testkit'
import { expect, test } from 'vitest'

type Records = Map<string, string>
type Swap = StateCache['swap']

/** A cache that keeps every promise: records as texts in a map, which other caches may share. */
class TextCache implements StateCache {
  supports = { sharedBetweenProcesses: true, atomicSwap: true }
  readonly records: Records

  constructor(records: Records) {
    this.records = records
  }

  async get(key: string): Promise<FileState | undefined> {
    try {
      const { value } = JSON.parse(this.records.get(key) ?? '')
      return typeof value.version === 'string' ? value : undefined
    } catch {
      return undefined
    }
  }

  async swap(...[key, expected, next]: Parameters<Swap>): Promise<boolean> {
    return this.swapNow(key, expected, next)
  }

  /** In one turn, so that nobody gets in between. */
  swapNow(key: string, expected: string | undefined, next: FileState | undefined): boolean {
    if (this.versionNow(key) !== expected) return false
    this.store(key, next)
    return true
  }

  versionNow(key: string): string | undefined {
    try {
      const version = JSON.parse(this.records.get(key) ?? '').value.version
      return typeof version === 'string' ? version : undefined
    } catch {
      return undefined
    }
  }

  store(key: string, next: FileState | undefined): void {
    if (next) this.records.set(key, JSON.stringify({ value: next }))
    else this.records.delete(key)
  }
}

/** A cache broken on purpose, by the promise that it breaks. */
const broken: Record<string, new (records: Records) => TextCache> = {
  'says what it supports': class extends TextCache {
    override supports = { sharedBetweenProcesses: true } as StateCache['supports']
  },
  'knows nothing of a key that was never stored': class extends TextCache {
    override get = async (key: string) => (await super.get(key)) ?? { version: 'invented' }
  },
  'keeps a record whole': class extends TextCache {
    override store(key: string, next: FileState | undefined) {
      super.store(key, next && { version: next.version, bytes: 'present' })
    }
  },
  'leaves a record alone when none is expected': class extends TextCache {
    override swapNow(...[key, expected, next]: Parameters<Swap>) {
      if (expected === undefined && next) this.store(key, next)
      return super.swapNow(key, expected, next)
    }
  },
  'replaces the record of the expected version': class extends TextCache {
    override swapNow(...[key, expected, next]: Parameters<Swap>) {
      return expected === undefined || !next ? super.swapNow(key, expected, next) : false
    }
  },
  'leaves a record of another version alone': class extends TextCache {
    override swapNow(...[key, expected, next]: Parameters<Swap>) {
      const known = expected !== undefined && next ? this.versionNow(key) : undefined
      return super.swapNow(key, known ?? expected, next)
    }
  },
  'stores nothing when a record is expected and there is none': class extends TextCache {
    override swapNow(...[key, expected, next]: Parameters<Swap>) {
      return super.swapNow(key, this.records.has(key) ? expected : undefined, next)
    }
  },
  'compares versions exactly': class extends TextCache {
    override swapNow(...[key, expected, next]: Parameters<Swap>) {
      const known = this.versionNow(key)
      const same = known !== undefined && expected !== undefined && Number(known) === Number(expected)
      return super.swapNow(key, same ? known : expected, next)
    }
  },
  'removes the record of the expected version': class extends TextCache {
    override store(key: string, next: FileState | undefined) {
      if (next) super.store(key, next)
    }
  },
  'does not remove a record of another version': class extends TextCache {
    override swapNow(...[key, expected, next]: Parameters<Swap>) {
      if (!next) this.store(key, undefined)
      return super.swapNow(key, expected, next)
    }
  },
  'has nothing to remove where there is no record': class extends TextCache {
    override swapNow(...[key, expected, next]: Parameters<Swap>) {
      return !next && !this.records.has(key) ? expected !== undefined : super.swapNow(key, expected, next)
    }
  },
  'keeps every key apart': class extends TextCache {
    override get = (key: string) => super.get(key.toLowerCase())
    override swapNow(...[key, expected, next]: Parameters<Swap>) {
      return super.swapNow(key.toLowerCase(), expected, next)
    }
  },
  'shares no object with its callers': class extends TextCache {
    readonly #objects = new Map<string, FileState>()
    override get = async (key: string) => this.#objects.get(key)
    override store(key: string, next: FileState | undefined) {
      super.store(key, next)
      if (next) this.#objects.set(key, next)
    }
  },
  'keeps a record that may be forgotten later until then': class extends TextCache {
    override async swap(...[key, expected, next, ttlMs]: Parameters<Swap>) {
      if (ttlMs !== undefined && !Number.isInteger(ttlMs)) throw new Error('value is not an integer or out of range')
      return super.swap(key, expected, next)
    }
  },
  'accepts that a record is forgotten at once': class extends TextCache {
    override async swap(...[key, expected, next, ttlMs]: Parameters<Swap>) {
      if (ttlMs !== undefined && ttlMs <= 0) throw new Error('invalid expire time')
      return super.swap(key, expected, next)
    }
  },
  'lets one of many concurrent callers win': class extends TextCache {
    override async swap(...[key, expected, next]: Parameters<Swap>) {
      if (this.versionNow(key) !== expected) return false
      await undefined
      this.store(key, next)
      return true
    }
  },
  'loses no change of concurrent callers': class extends TextCache {
    override async swap(...[key, expected, next]: Parameters<Swap>) {
      if (expected === undefined) return this.swapNow(key, expected, next)
      if (this.versionNow(key) !== expected) return false
      await undefined
      this.store(key, next)
      return true
    }
  },
  'shows other processes what it stored': class extends TextCache {
    constructor(_shared: Records) {
      super(new Map())
    }
  },
  'lets one of many callers in several processes win': class extends TextCache {
    readonly #claimed = new Set<string>()
    override async swap(...[key, expected, next]: Parameters<Swap>) {
      // A lock, but one that only this process knows of.
      if (expected !== undefined || this.#claimed.has(key)) return false
      this.#claimed.add(key)
      if (this.versionNow(key) !== expected) return false
      await undefined
      this.store(key, next)
      return true
    }
  },
  'takes what is no record for none': class extends TextCache {
    override get = async (key: string) => JSON.parse(this.records.get(key) ?? '{}').value
  },
  'stores over what is no record': class extends TextCache {
    override swapNow(...[key, expected, next]: Parameters<Swap>) {
      if (expected === undefined && this.records.has(key)) return false
      return super.swapNow(key, expected, next)
    }
  },
}

function suiteFor(Cache: new (records: Records) => TextCache) {
  return cacheConformance((): CacheUnderTest => {
    const records: Records = new Map()
    return {
      cache: new Cache(records),
      peer: new Cache(records),
      spoil: async (key, text) => void records.set(key, text),
    }
  })
}

for (const { name, run } of suiteFor(TextCache)) test(`accepts a cache that ${name}`, run)

test('has a broken cache for every promise', () => {
  expect(Object.keys(broken)).toEqual(suiteFor(TextCache).map(({ name }) => name))
})

for (const [promise, Cache] of Object.entries(broken)) {
  test(`rejects a cache that breaks "${promise}"`, async () => {
    const broken = suiteFor(Cache).find(({ name }) => name === promise)
    await expect(broken?.run()).rejects.toThrow()
  })
}

test('rejects a shared cache that comes without a peer', async () => {
  const [first] = cacheConformance(() => ({ cache: new TextCache(new Map()) }))
  await expect(first?.run()).rejects.toMatchObject({ code: 'ERR_ASSERTION' })
})

test('asks nothing atomic of a cache that is not', async () => {
  class Loose extends TextCache {
    override supports = { sharedBetweenProcesses: false, atomicSwap: false }
    override async swap(...[key, expected, next]: Parameters<Swap>) {
      if (this.versionNow(key) !== expected) return false
      await undefined
      this.store(key, next)
      return true
    }
  }
  for (const { run } of suiteFor(Loose)) await run()
})
