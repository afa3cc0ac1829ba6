import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { Keyv } from 'keyv'
import { expect, test } from 'vitest'
import { openCache } from './open-cache.ts'

test.each([
  ['an unknown option', { storage: 'redis://localhost' }, 'storage'],
  ['an address of something else', { store: 'mysql://localhost/images' }, 'redis://'],
  ['an address without a host', { store: 'redis:' }, 'redis://'],
  ['an address whose database is no number', { store: 'redis://localhost/images' }, 'redis://'],
  ['a text that is no address', { store: 'localhost:6379' }, 'redis://'],
  ['a store without methods', { store: {} }, 'store'],
  ['a store that is null', { store: null }, 'store'],
  ['an empty namespace', { store: 'redis://localhost', namespace: '' }, 'namespace'],
  ['a namespace beside a Keyv', { store: new Keyv(), namespace: 'mine' }, 'namespace'],
  ['a `max` of none', { max: 0 }, 'max'],
  ['a fractional `max`', { max: 1.5 }, 'max'],
  ['a `max` for a store', { store: 'redis://localhost', max: 5 }, 'max'],
  ['a `ttl` of none', { ttl: 0 }, 'ttl'],
  ['an endless `ttl`', { ttl: Number.POSITIVE_INFINITY }, 'ttl'],
  ['a `ttl` of another type', { ttl: '5m' }, 'ttl'],
  ['`shared` memory', { shared: true }, 'shared'],
])('rejects %s', (_, options, mentioned) => {
  const make = () => keyvCache(options as object)
  expect(make).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining(mentioned) }),
  )
})

test('does not show the password of an address that it rejects', () => {
  expect(() => keyvCache({ store: 'redis://:secret-word@host/images' })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret-word') }),
  )
})

test('names every mistake at once', () => {
  const make = () => keyvCache({ max: 0, ttl: -1, speed: 9 } as object)
  expect(make).toThrow(/max.*ttl.*speed|speed.*max.*ttl/)
})

test('says what each store supports', () => {
  expect(openCache().cache.supports).toEqual({ sharedBetweenProcesses: false, atomicSwap: true })
  const redis = openCache({ store: 'redis://localhost:1' })
  expect(redis.cache.supports).toEqual({ sharedBetweenProcesses: true, atomicSwap: true })
  expect(openCache({ store: new Keyv() }).cache.supports.sharedBetweenProcesses).toBe(false)
  const adapter = {
    opts: {},
    on: () => adapter,
    get: async () => undefined,
    set() {},
    delete: async () => true,
    clear: async () => {},
  }
  expect(openCache({ store: adapter }).cache.supports).toEqual({ sharedBetweenProcesses: true, atomicSwap: false })
  expect(openCache({ store: adapter, shared: false }).cache.supports.sharedBetweenProcesses).toBe(false)
})

test('makes a cache of its own each time it is applied', async () => {
  const [one, two] = [openCache(), openCache()]
  await one.cache.swap('a', undefined, { version: 'v1' })
  expect(await two.cache.get('a')).toBeUndefined()
})
