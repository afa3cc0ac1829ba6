import assert from 'node:assert/strict'
import type { SourceGroup, SourceGroupItem } from '@latent-image/kernel'
import { assertBytes } from './assertions.ts'
import { collect } from './collect.ts'
import { type ConformanceCase, type CreateDriver, defineCases } from './conformance-case.ts'
import { eventually } from './eventually.ts'
import { sampleBytes } from './sample-bytes.ts'

/** A source group without sources, and what the suite needs to give it some. */
export interface SourceGroupUnderTest {
  readonly group: SourceGroup
  /** Names that the group takes as its own; at least three. The suite saves sources of these names only. */
  readonly names: readonly [string, string, string, ...string[]]
  /** Creates or replaces an original, as whoever uploads one does. */
  save(name: string, data: Uint8Array): Promise<void> | void
  /** Removes an original. */
  delete(name: string): Promise<void> | void
  /** Names that the group does not take as its own. @default [] */
  readonly foreignNames?: readonly string[]
}

export interface SourceGroupConformanceOptions {
  /** Milliseconds that a change may take to be noticed. @default 10_000 */
  readonly patience?: number
}

/**
 * Every promise of the `SourceGroup` contract, as cases for any test runner. `includes` and `watch` are optional: their
 * cases hold where there is none.
 */
export function sourceGroupConformance(
  create: CreateDriver<SourceGroupUnderTest>,
  { patience = 10_000 }: SourceGroupConformanceOptions = {},
): readonly ConformanceCase[] {
  return defineCases(create, {
    async '`items` yields nothing where there are no sources'({ group }) {
      assert.deepEqual(await collect(group.items()), [])
    },

    async '`items` yields every source once'({ group, names, save }) {
      for (const name of names) await save(name, sampleBytes(1))
      assert.deepEqual(await namesIn(group), [...names].sort())
    },

    async '`items` tells what there is when it is called'({ group, names, save, ...originals }) {
      const [first, second] = names
      await save(first, sampleBytes(1))
      assert.deepEqual(await namesIn(group), [first], 'after the first was saved')
      await save(second, sampleBytes(1))
      assert.deepEqual(await namesIn(group), [first, second].sort(), 'after the second was saved')
      await originals.delete(first)
      assert.deepEqual(await namesIn(group), [second], 'after the first was deleted')
    },

    async '`items` can be left early, and used by several at a time'({ group, names, save }) {
      for (const name of names) await save(name, sampleBytes(1))
      for await (const _ of group.items()) break
      const found = await Promise.all([namesIn(group), namesIn(group), namesIn(group)])
      for (const each of found) assert.deepEqual(each, [...names].sort())
    },

    async 'a source that brings its bytes opens to them, as they are now'({ group, names: [name], save }) {
      for (const data of [sampleBytes(100_000, 1), sampleBytes(10, 2)]) {
        await save(name, data)
        const [item] = await collect(group.items())
        if (item && canOpen(item)) assertBytes(await item.source.open(), data, `bytes of \`${name}\``)
      }
    },

    async 'a source that brings its bytes and is gone rejects with FILE_NOT_FOUND or ENOENT'(driver) {
      const { group, names, save } = driver
      await save(names[0], sampleBytes(1))
      const [item] = await collect(group.items())
      await driver.delete(names[0])
      if (!item || !canOpen(item)) return
      const code = await item.source.open().then(
        () => 'bytes',
        (error) => error.code,
      )
      assert.ok(code === 'FILE_NOT_FOUND' || code === 'ENOENT', `open() gave ${code}`)
    },

    async '`includes` takes the names of `items`, and no others'({ group, names, save, foreignNames = [] }) {
      if (!group.includes) return
      for (const name of names) await save(name, sampleBytes(1))
      for (const name of names) assert.equal(group.includes(name), true, `includes \`${name}\``)
      for (const name of ['', ...foreignNames]) assert.equal(group.includes(name), false, `includes \`${name}\``)
    },

    async '`watch` reports what is created, changed and deleted, under the names of `items`'(driver) {
      const { group, names, save } = driver
      const [first, second] = names
      await save(first, sampleBytes(1))
      const log = await watch(group)
      if (!log) return
      await save(second, sampleBytes(1))
      await eventually(async () => log.saved.includes(second), patience, '`saved` was called for a new source')
      await save(first, sampleBytes(20, 2))
      await eventually(async () => log.saved.includes(first), patience, '`saved` was called for a changed source')
      await driver.delete(first)
      await eventually(async () => log.deleted.includes(first), patience, '`deleted` was called')
      assert.ok(!log.deleted.includes(second), '`deleted` was called for a source that is there')
      await log.stop()
    },

    async '`watch` does not report what was there before'(driver) {
      const { group, names, save } = driver
      const [first, second] = names
      await save(first, sampleBytes(1))
      const log = await watch(group)
      if (!log) return
      await save(second, sampleBytes(1))
      await eventually(async () => log.saved.includes(second), patience, '`saved` was called for a new source')
      assert.ok(!log.saved.includes(first), '`saved` was called for a source that did not change')
      await log.stop()
    },

    async '`watch` reports nothing any more once it is stopped, to this one alone'(driver) {
      const { group, names, save } = driver
      const stopped = await watch(group)
      const watching = await watch(group)
      if (!stopped || !watching) return
      await stopped.stop()
      const [first, second] = names
      await save(first, sampleBytes(1))
      await eventually(async () => watching.saved.includes(first), patience, 'the other watcher was told')
      await save(second, sampleBytes(1))
      await eventually(async () => watching.saved.includes(second), patience, 'the other watcher was told')
      assert.deepEqual(stopped.saved, [], 'reports after the end')
      await watching.stop()
    },
  })
}

type OpenableItem = SourceGroupItem & { readonly source: { open(): Promise<Uint8Array> } }

function canOpen(item: SourceGroupItem): item is OpenableItem {
  return typeof item.source === 'object' && 'open' in item.source
}

async function namesIn(group: SourceGroup): Promise<string[]> {
  const items = await collect(group.items())
  return items.map(({ source }) => nameOf(source)).sort()
}

function nameOf(source: SourceGroupItem['source']): string {
  return typeof source === 'string' ? source : (source?.name ?? '')
}

/** What a watching group reported, by name; undefined where it does not watch. */
async function watch(group: SourceGroup) {
  const saved: string[] = []
  const deleted: string[] = []
  const stop = await group.watch?.({
    saved: (source) => void saved.push(nameOf(source)),
    deleted: (source) => void deleted.push(nameOf(source)),
  })
  return stop && { saved, deleted, stop }
}
