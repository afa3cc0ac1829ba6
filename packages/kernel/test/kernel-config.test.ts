import { createKernel, hash, type KernelConfig } from '@latent-image/kernel'
import { expect, test } from 'vitest'

const plugin = { name: 'plugin', apply: () => undefined }
const group = { for: '**', async *items() {} }

const mistakes: [string, string, unknown][] = [
  ['an unknown key', 'plugin', { plugin: [] }],
  ['plugins that are no list', 'plugins', { plugins: plugin }],
  ['a factory that was not called', 'plugins', { plugins: [() => plugin] }],
  ['a plugin without a name', 'plugins', { plugins: [{ apply: plugin.apply }] }],
  ['a plugin by name', 'plugins', { plugins: ['@latent-image/plugin-storage-fs'] }],
  ['a scope without a pattern', 'plugins', { plugins: [{ plugins: [plugin] }] }],
  ['a scope among the sources', 'sources', { sources: [{ for: 'a', plugins: [plugin] }] }],
  ['a mistake in a nested scope', 'plugins', { plugins: [{ for: 'a', plugins: [{ for: 'b', plugins: [1] }] }] }],
  ['generators that are a list', 'generators', { generators: [] }],
  ['a source group without items', 'sources', { sources: [{ for: '**' }] }],
  ['a source group without a pattern', 'sources', { sources: [{ items: group.items }] }],
  ['an unknown namer', 'namer', { namer: 'sourceName' }],
  ['a namer of Object', 'namer', { namer: 'constructor' }],
  ['an absolute prefix', 'prefix', { prefix: '/srv' }],
  ['a prefix that leads out', 'prefix', { prefix: '../media' }],
  ['an empty prefix', 'prefix', { prefix: '' }],
  ['an unknown time', 'state', { state: { absnt: 5 } }],
  ['a negative time', 'state', { state: { absent: -1 } }],
  ['a time that no timer can carry', 'state', { state: { lease: 2 ** 31 } }],
  ['no lease at all', 'state', { state: { lease: 0 } }],
  ['a time that is a text', 'state', { state: { absent: '5s' } }],
]

test.each(mistakes)('refuses %s', (_, key, config) => {
  const refused = { code: 'INVALID_CONFIG', message: expect.stringContaining(`\`${key}\``) }
  expect(() => createKernel(config as KernelConfig)).toThrow(expect.objectContaining(refused))
})

test.each([undefined, null, 'config', []])('refuses %j as a config', (config) => {
  expect(() => createKernel(config as unknown as KernelConfig)).toThrow(
    expect.objectContaining({ code: 'INVALID_CONFIG' }),
  )
})

test('tells all mistakes at once', () => {
  const config = { plugins: 1, prefix: '', nothing: 1 } as unknown as KernelConfig
  expect(() => createKernel(config)).toThrow(/`plugins`.*`prefix`.*`nothing`/)
})

test('takes all that the documentation names', () => {
  const config: KernelConfig = {
    plugins: [plugin, { for: 'a', plugins: [plugin, { for: 'b', plugins: [] }] }],
    generators: {},
    sources: [plugin, group],
    namer: hash,
    prefix: 'made/here',
    state: { absent: 0, exists: Number.POSITIVE_INFINITY },
  }
  expect(() => createKernel(config)).not.toThrow()
  expect(() => createKernel({})).not.toThrow()
})
