import { deepStrictEqual as equal, ok } from 'node:assert/strict'
import type { FileState, StateCache } from '@latent-image/kernel'
import { type ConformanceCase, type CreateDriver, defineCases } from './conformance-case.ts'

/** A state cache without records, and what the suite needs to look at it from outside. */
export interface CacheUnderTest {
  readonly cache: StateCache
  /** The same records as another process has them. Needed where `supports.sharedBetweenProcesses`. */
  readonly peer?: StateCache
  /** Puts a text that is no record where the record of a key is kept. Left out where nobody else can write there. */
  spoil?(key: string, text: string): Promise<void>
}

const key = 'CACHE/images/kim/5ff3233527c5ac3e4b596343b440ff67.jpg'

const full: FileState = {
  version: 'v-full',
  bytes: 'present',
  absentUntil: 1_700_000_000_123,
  facts: {
    width: 400,
    height: 300,
    type: 'image/jpeg',
    size: 12_345,
    placeholder: { hash: 'Zm9v', list: [null, 1.5, ''] },
  },
  stale: true,
  work: { token: 't-1', until: 1_700_000_000_456, scheduled: true },
  failure: { code: 'BROKEN_IMAGE', message: 'Ünïcode 🌄 and "quotes"\n', count: 3, until: 1_700_000_000_789 },
}

const awkwardKeys = [
  '',
  ' ',
  'a',
  'A',
  'a:b',
  'a::b',
  ':a',
  'latent-image:a',
  'keyv:a',
  'a/b/c.webp',
  'a*',
  'a?',
  '[a]',
  'ключ/キー/🔑',
  'é',
  'e\u0301',
  'line\nbreak',
  '__proto__',
  'constructor',
  'x'.repeat(2_000),
]

const awkwardVersions = [
  '1',
  '10',
  '01',
  '1.0',
  '1e0',
  ' 1',
  ':1',
  '::1',
  ':base64:MQ==',
  'a',
  'A',
  'true',
  'null',
  'é',
  '"',
  '',
]

const garbage = [
  '',
  'garbage',
  '{"value":',
  'null',
  '42',
  '"text"',
  '[]',
  '{}',
  '{"value":null}',
  '{"value":7}',
  '{"value":[1]}',
  '{"value":{"bytes":"present"}}',
  '{"value":{"version":7}}',
]

const record = (version: string): FileState => ({ version, bytes: 'present' })

/** Lets as many callers at a time as there are caches try to take a key, and returns how many were told they did. */
async function countWinners(caches: readonly StateCache[]): Promise<number> {
  const claims = caches.map((cache, index) => cache.swap(key, undefined, record(`claim-${index}`)))
  const answers = await Promise.all(claims)
  equal((await caches[0]?.get(key))?.version, `claim-${answers.indexOf(true)}`)
  return answers.filter(Boolean).length
}

/** Adds one to a number kept in the facts, again until the swap is won. */
async function increment(cache: StateCache, caller: number): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const known = await cache.get(key)
    const width = (known?.facts?.width ?? 0) + 1
    const next = { version: `${caller}-${attempt}-${width}`, facts: { width, height: 1, type: 'image/png' } }
    if (await cache.swap(key, known?.version, next)) return
  }
}

/**
 * The promises of a {@link StateCache}.
 *
 * @param create - Makes a cache that holds no record.
 */
export function cacheConformance(create: CreateDriver<CacheUnderTest>): readonly ConformanceCase[] {
  return defineCases(create, {
    'says what it supports': async ({ cache, peer }) => {
      equal(typeof cache.supports.sharedBetweenProcesses, 'boolean')
      equal(typeof cache.supports.atomicSwap, 'boolean')
      ok(peer || !cache.supports.sharedBetweenProcesses, 'A cache that is shared needs a `peer` to be tested with.')
    },
    'knows nothing of a key that was never stored': async ({ cache }) => {
      equal(await cache.get(key), undefined)
    },
    'keeps a record whole': async ({ cache }) => {
      equal(await cache.swap(key, undefined, full), true)
      equal(await cache.get(key), full)
    },
    'leaves a record alone when none is expected': async ({ cache }) => {
      await cache.swap(key, undefined, full)
      equal(await cache.swap(key, undefined, record('v2')), false)
      equal(await cache.get(key), full)
    },
    'replaces the record of the expected version': async ({ cache }) => {
      await cache.swap(key, undefined, full)
      equal(await cache.swap(key, full.version, record('v2')), true)
      equal(await cache.get(key), record('v2'))
    },
    'leaves a record of another version alone': async ({ cache }) => {
      await cache.swap(key, undefined, record('v2'))
      equal(await cache.swap(key, 'v1', record('v3')), false)
      equal(await cache.get(key), record('v2'))
    },
    'stores nothing when a record is expected and there is none': async ({ cache }) => {
      equal(await cache.swap(key, 'v1', record('v2')), false)
      equal(await cache.get(key), undefined)
    },
    'compares versions exactly': async ({ cache }) => {
      for (const [index, version] of awkwardVersions.entries()) {
        await cache.swap(`${index}`, undefined, record(version))
        for (const other of awkwardVersions) {
          if (other !== version)
            equal(await cache.swap(`${index}`, other, record('stolen')), false, `${version} ${other}`)
        }
        equal((await cache.get(`${index}`))?.version, version)
        equal(await cache.swap(`${index}`, version, record('next')), true, version)
      }
    },
    'removes the record of the expected version': async ({ cache }) => {
      await cache.swap(key, undefined, full)
      equal(await cache.swap(key, full.version, undefined), true)
      equal(await cache.get(key), undefined)
      equal(await cache.swap(key, undefined, record('v2')), true)
    },
    'does not remove a record of another version': async ({ cache }) => {
      await cache.swap(key, undefined, full)
      equal(await cache.swap(key, 'v1', undefined), false)
      equal(await cache.swap(key, undefined, undefined), false)
      equal(await cache.get(key), full)
    },
    'has nothing to remove where there is no record': async ({ cache }) => {
      equal(await cache.swap(key, undefined, undefined), true)
      equal(await cache.swap(key, 'v1', undefined), false)
      equal(await cache.get(key), undefined)
    },
    'keeps every key apart': async ({ cache }) => {
      for (const [index, one] of awkwardKeys.entries())
        equal(await cache.swap(one, undefined, record(`${index}`)), true, one)
      for (const [index, one] of awkwardKeys.entries()) equal((await cache.get(one))?.version, `${index}`, one)
    },
    'shares no object with its callers': async ({ cache }) => {
      const facts = { width: 1, height: 1, type: 'image/png', list: [1] }
      const work = { token: 't', until: 1 }
      const given = { version: 'v1', facts, work }
      await cache.swap(key, undefined, given)
      given.version = 'changed'
      facts.width = 2
      facts.list.push(2)
      work.until = 2
      const first = await cache.get(key)
      equal(first, {
        version: 'v1',
        facts: { width: 1, height: 1, type: 'image/png', list: [1] },
        work: { token: 't', until: 1 },
      })
      // A frozen answer refuses to be changed; any other one may be.
      Reflect.set(first ?? {}, 'version', 'changed')
      Reflect.set(first?.facts ?? {}, 'width', 2)
      Reflect.set(first?.facts?.list ?? [], '0', 2)
      Reflect.set(first?.work ?? {}, 'until', 2)
      equal(await cache.get(key), {
        version: 'v1',
        facts: { width: 1, height: 1, type: 'image/png', list: [1] },
        work: { token: 't', until: 1 },
      })
    },
    'keeps a record that may be forgotten later until then': async ({ cache }) => {
      for (const ttlMs of [3_600_000, 3_600_000.5, 30 * 24 * 3_600_000, Number.MAX_SAFE_INTEGER]) {
        equal(await cache.swap(`${ttlMs}`, undefined, full, ttlMs), true, `${ttlMs}`)
        equal(await cache.get(`${ttlMs}`), full, `${ttlMs}`)
      }
    },
    'accepts that a record is forgotten at once': async ({ cache }) => {
      for (const ttlMs of [1, 0.4, 0, -5]) equal(await cache.swap(`${ttlMs}`, undefined, full, ttlMs), true, `${ttlMs}`)
    },
    'lets one of many concurrent callers win': async ({ cache }) => {
      if (!cache.supports.atomicSwap) return
      equal(await countWinners(Array.from({ length: 50 }, () => cache)), 1)
    },
    'loses no change of concurrent callers': async ({ cache, peer }) => {
      if (!cache.supports.atomicSwap) return
      const callers = Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? cache : (peer ?? cache)))
      await Promise.all(callers.map(increment))
      equal((await cache.get(key))?.facts?.width, 12)
    },
    'shows other processes what it stored': async ({ cache, peer }) => {
      if (!cache.supports.sharedBetweenProcesses || !peer) return
      await cache.swap(key, undefined, full)
      equal(await peer.get(key), full)
      equal(await peer.swap(key, undefined, record('v2')), false)
      equal(await peer.swap(key, full.version, record('v2')), true)
      equal(await cache.get(key), record('v2'))
    },
    'lets one of many callers in several processes win': async ({ cache, peer }) => {
      if (!cache.supports.atomicSwap || !cache.supports.sharedBetweenProcesses || !peer) return
      equal(await countWinners(Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? cache : peer))), 1)
    },
    'takes what is no record for none': async ({ cache, spoil }) => {
      for (const [index, text] of garbage.entries()) {
        await spoil?.(`${index}`, text)
        equal(await cache.get(`${index}`), undefined, text)
        equal(await cache.swap(`${index}`, 'v1', record('v2')), false, text)
      }
    },
    'stores over what is no record': async ({ cache, spoil }) => {
      for (const [index, text] of garbage.entries()) {
        await spoil?.(`${index}`, text)
        equal(await cache.swap(`${index}`, undefined, record('v2')), true, text)
        equal(await cache.get(`${index}`), record('v2'), text)
      }
    },
  })
}
