import type { SourceGroup, SourceWatcher } from '@latent-image/kernel'
import { describe, test } from 'vitest'
import {
  type CreateDriver,
  type FakeSourceGroup,
  fakeSourceGroup,
  type SourceGroupUnderTest,
  sourceGroupConformance,
} from '../src/index.ts'
import { type BrokenDrivers, testSuite } from './reject-broken-drivers.ts'

/** A fake group, with one mistake. */
function underTest(mistake: (group: FakeSourceGroup) => Partial<SourceGroup> = () => ({})) {
  return (): SourceGroupUnderTest => {
    const group = fakeSourceGroup()
    return {
      group: { ...group, ...mistake(group) },
      names: ['a.jpg', 'b/b.jpg', 'c d.jpg'],
      foreignNames: ['z.jpg', '../a.jpg'],
      save: group.save,
      delete: group.delete,
    }
  }
}

/** A group that passes on what it notices in another way. */
function watching(changed: (on: SourceWatcher) => Partial<SourceWatcher>): CreateDriver<SourceGroupUnderTest> {
  return underTest((group) => ({ watch: (on) => group.watch({ ...on, ...changed(on) }) }))
}

async function* one(item: { source: string }) {
  yield item
}

const brokenGroups: BrokenDrivers<SourceGroupUnderTest> = {
  '`items` yields nothing where there are no sources': [underTest(() => ({ items: () => one({ source: 'a.jpg' }) }))],
  '`items` yields every source once': [
    underTest((group) => ({
      async *items() {
        yield* group.items()
        yield* group.items()
      },
    })),
    underTest((group) => ({
      async *items() {
        for await (const item of group.items()) {
          yield item
          return
        }
      },
    })),
    underTest((group) => ({
      async *items() {
        for await (const { source } of group.items())
          if (typeof source === 'object') yield { source: `/${source.name}` }
      },
    })),
  ],
  '`items` tells what there is when it is called': [
    underTest((group) => {
      const known: unknown[] = []
      return {
        async *items() {
          if (known.length === 0) for await (const item of group.items()) known.push(item)
          yield* known as { source: string }[]
        },
      }
    }),
  ],
  '`items` can be left early, and used by several at a time': [
    underTest((group) => {
      let shared: AsyncIterable<object> | undefined
      return {
        items() {
          shared ??= group.items()
          return shared
        },
      }
    }),
    underTest((group) => {
      let busy = false
      return {
        async *items() {
          if (busy) throw new Error('busy')
          busy = true
          yield* group.items()
          busy = false
        },
      }
    }),
  ],
  'a source that brings its bytes opens to them, as they are now': [
    underTest(() => ({ items: () => one({ source: { name: 'a.jpg', open: async () => new Uint8Array() } as never }) })),
    underTest((group) => {
      let first: Promise<Uint8Array> | undefined
      return {
        async *items() {
          for await (const { source } of group.items()) {
            if (typeof source !== 'object' || !('open' in source)) continue
            first ??= source.open()
            const remembered = first
            yield { source: { ...source, open: () => remembered } }
          }
        },
      }
    }),
  ],
  'a source that brings its bytes and is gone rejects with FILE_NOT_FOUND or ENOENT': [
    underTest(() => ({ items: () => one({ source: { name: 'a.jpg', open: async () => new Uint8Array() } as never }) })),
    underTest(() => ({
      items: () => one({ source: { name: 'a.jpg', open: () => Promise.reject(new Error('gone')) } as never }),
    })),
  ],
  '`includes` takes the names of `items`, and no others': [
    underTest(() => ({ includes: () => true })),
    underTest(() => ({ includes: () => false })),
    underTest(() => ({ includes: (name) => name.endsWith('.jpg') })),
  ],
  '`watch` reports what is created, changed and deleted, under the names of `items`': [
    watching(() => ({ saved: () => undefined })),
    watching(() => ({ deleted: () => undefined })),
    watching((on) => ({ deleted: on.saved })),
    watching((on) => ({ saved: (source) => on.saved(`/${typeof source === 'string' ? source : source.name}`) })),
    watching((on) => {
      const known = new Set<string>()
      return {
        saved(source) {
          const name = typeof source === 'string' ? source : source.name
          if (known.has(name) || name === 'a.jpg') return
          known.add(name)
          on.saved(source)
        },
      }
    }),
    watching((on) => ({
      saved(source) {
        on.deleted(source)
        on.saved(source)
      },
    })),
  ],
  '`watch` does not report what was there before': [
    underTest((group) => ({
      async watch(on) {
        for await (const { source } of group.items()) if (source) on.saved(source)
        return group.watch(on)
      },
    })),
  ],
  '`watch` reports nothing any more once it is stopped, to this one alone': [
    underTest((group) => ({
      async watch(on) {
        await group.watch(on)
        return async () => undefined
      },
    })),
    underTest((group) => {
      const stops: (() => Promise<void>)[] = []
      return {
        async watch(on) {
          stops.push(await group.watch(on))
          return async () => {
            for (const stop of stops) await stop()
          }
        },
      }
    }),
  ],
}

testSuite((create, patience) => sourceGroupConformance(create, { patience }), underTest(), brokenGroups)

describe('a group that neither includes nor watches', () => {
  const plain = underTest(() => ({ includes: undefined, watch: undefined }) as never)
  for (const { name, run } of sourceGroupConformance(plain)) test(`keeps: ${name}`, run)
})
