import { errors, type SourceGroupItem, type SourceWatcher, type TiedSourceGroup } from '@latent-image/kernel'

/** A source group over originals in memory. */
export interface FakeSourceGroup extends TiedSourceGroup {
  /** How many times `items` was called, and how many items were taken of it. */
  readonly calls: { items: number; taken: number }
  includes(name: string): boolean
  watch(on: SourceWatcher): Promise<() => Promise<void>>
  /** Creates or replaces an original, and tells those who watch. */
  save(name: string, data: Uint8Array): void
  /** Removes an original, and tells those who watch. */
  delete(name: string): void
}

export interface FakeSourceGroupOptions {
  /** Pattern of generator ids. @default '**' */
  readonly for?: string
  /** Originals by name. @default {} */
  readonly sources?: Readonly<Record<string, Uint8Array>>
}

/** Makes a source group whose sources bring their bytes along. */
export function fakeSourceGroup({ for: pattern = '**', sources = {} }: FakeSourceGroupOptions = {}): FakeSourceGroup {
  const originals = new Map(Object.entries(sources))
  const names = new Set(originals.keys())
  const watchers = new Set<SourceWatcher>()
  const calls = { items: 0, taken: 0 }

  function sourceOf(name: string) {
    return {
      name,
      async open() {
        const data = originals.get(name)
        if (!data) throw errors.FILE_NOT_FOUND({ key: name })
        return Uint8Array.from(data)
      },
    }
  }

  async function* enumerate(): AsyncGenerator<SourceGroupItem, void, undefined> {
    for (const name of originals.keys()) {
      calls.taken += 1
      yield { source: sourceOf(name) }
    }
  }

  return {
    for: pattern,
    calls,
    items() {
      calls.items += 1
      return enumerate()
    },
    // Also where it was deleted: that is when it is asked.
    includes: (name) => names.has(name),
    async watch(on) {
      watchers.add(on)
      return async () => void watchers.delete(on)
    },
    save(name, data) {
      originals.set(name, data)
      names.add(name)
      for (const on of watchers) on.saved(sourceOf(name))
    },
    delete(name) {
      originals.delete(name)
      for (const on of watchers) on.deleted(name)
    },
  }
}
