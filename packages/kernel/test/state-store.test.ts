import { expect, test } from 'vitest'
import { createEvents } from '../src/events.ts'
import type { FileState, StateTimes } from '../src/index.ts'
import { defaultTimes, StateRules } from '../src/state.ts'
import { StateStore } from '../src/state-store.ts'
import { FakeCache } from './support/fake-cache.ts'
import { Gate } from './support/world.ts'

const fresh = { bytes: 'present' } as const
const old = { bytes: 'present', stale: true } as const

test('a record changes by compare-and-swap, under a version of its own', async () => {
  const { store } = parts()
  const first = await store.swap('a', undefined, old)
  expect(first).toMatchObject(old)
  expect(await store.swap('a', undefined, old)).toBeUndefined()
  const second = await store.swap('a', first, old)
  expect(second?.version).not.toBe(first?.version)
  expect(await store.get('a')).toEqual(second)
})

test('a change is tried again on what another one made of the record', async () => {
  const { store, cache } = parts()
  let tries = 0
  const changed = await store.change('a', (record) => {
    tries += 1
    if (tries === 1)
      cache.records.set('a', { version: 'of another', facts: { width: 1, height: 1, type: 'image/png' } })
    return { ...old, ...(record?.facts && { facts: record.facts }) }
  })
  expect(changed.facts?.width).toBe(1)
  expect(tries).toBe(2)
})

test('a change may be declined, or leave the record as it is', async () => {
  const { store, cache } = parts()
  const record = await store.swap('a', undefined, old)
  const { calls } = cache
  expect(await store.change('a', () => undefined)).toBeUndefined()
  expect(await store.change('a', (known) => known)).toEqual(record)
  expect(cache.calls).toBe(calls + 2)
})

test('what is fresh is remembered; what is not is asked for again', async () => {
  const { store, cache } = parts()
  await store.swap('a', undefined, fresh)
  await store.swap('b', undefined, old)
  const { calls } = cache
  await store.get('a')
  expect(cache.calls).toBe(calls)
  await store.get('b')
  expect(cache.calls).toBe(calls + 1)
})

test('a read that a change overtook is not remembered', async () => {
  const { store, cache } = parts()
  cache.records.set('a', { version: '1', ...fresh })
  const gate = new Gate()
  cache.after = gate.once()
  const read = store.get('a')
  await gate.reached
  await store.swap('a', { version: '1' }, old)
  gate.open()
  await read
  expect(store.remembered('a')).toBeUndefined()
})

test('a swap that another one overtook is not remembered', async () => {
  const { store, cache } = parts()
  const gate = new Gate()
  cache.afterSwap = gate.once()
  const swapped = store.swap('a', undefined, fresh)
  await gate.reached
  const [record] = cache.records.values()
  await store.swap('a', record, old)
  gate.open()
  await swapped
  expect(store.remembered('a')).toBeUndefined()
})

test('what one swap of an outage learned is not overwritten by another that did not know it', async () => {
  const { store, cache } = parts()
  cache.fault = 'down'
  expect(await store.swap('a', undefined, old)).toMatchObject(old)
  expect(await store.swap('a', undefined, fresh)).toBeUndefined()
  expect(await store.get('a')).toMatchObject(old)
})

test('what an outage left here is brought to the cache once, and nobody misses it meanwhile', async () => {
  const { store, cache } = parts()
  cache.fault = 'down'
  const learned = await store.swap('a', undefined, old)
  cache.fault = undefined
  expect(await Promise.all([store.get('a'), store.get('a')])).toEqual([learned, learned])
  expect(cache.records.get('a')).toEqual(learned)
  expect(await store.swap('a', learned, fresh)).toMatchObject(fresh)
  expect(cache.records.get('a')).toMatchObject(fresh)
})

test.each([
  ['a claim', { bytes: 'absent', stale: true, work: { token: 't', until: 1 } }],
  ['an absence', { bytes: 'absent', absentUntil: 1 }],
  ['a look at storage', { bytes: 'present' }],
] as const)('%s of an outage gives way to what others did meanwhile', async (_, learned) => {
  const { store, cache } = parts({ memory: 0 })
  cache.fault = 'down'
  await store.swap('a', undefined, learned)
  cache.fault = undefined
  const theirs: FileState = { version: 'theirs', bytes: 'present', facts: { width: 1, height: 1, type: 'image/png' } }
  cache.records.set('a', theirs)
  expect(await store.get('a')).toEqual(theirs)
  expect(cache.records.get('a')).toEqual(theirs)
})

test('the end of a claim of an outage gives way to what others did meanwhile', async () => {
  const { store, cache } = parts()
  cache.fault = 'down'
  const claim = await store.swap('a', undefined, { bytes: 'absent', stale: true, work: { token: 't', until: 1 } })
  await store.swap('a', claim, { bytes: 'absent', stale: true })
  cache.fault = undefined
  const theirs: FileState = { version: 'theirs', bytes: 'present' }
  cache.records.set('a', theirs)
  expect(await store.get('a')).toEqual(theirs)
})

test('a mark of an outage outlasts what others did meanwhile', async () => {
  const { store, cache } = parts()
  cache.fault = 'down'
  await store.swap('a', undefined, { stale: true })
  cache.fault = undefined
  cache.records.set('a', { version: 'theirs', bytes: 'present', work: { token: 't', until: 1 } })
  expect(await store.get('a')).toMatchObject({ bytes: 'present', stale: true })
  expect((await store.get('a'))?.work).toBeUndefined()
})

function parts(times: Partial<StateTimes> = {}) {
  const cache = new FakeCache()
  const rules = new StateRules({ ...defaultTimes, ...times }, () => 0)
  return { cache, store: new StateStore(cache, 'fake', rules, createEvents()) }
}
