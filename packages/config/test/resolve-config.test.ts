import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scope } from '@latent-image/kernel'
import { defineProcessor } from '@latent-image/spec'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { resolveConfig } from '../src/resolve-config.ts'
import { folderWith, pluginModule } from './config-folder.ts'

const group = { for: '**', async *items() {} }
const plugin = { name: 'test', apply() {} }
const generator = { source: 'none', fingerprint: 1, generate() {} }

/** Resolves a config as if it stood in a file of a folder with these others. */
async function resolved(content: unknown, files: Record<string, string> = {}, top = '') {
  const folder = await folderWith({ 'plugin.mjs': pluginModule, ...files })
  return resolveConfig({ path: join(folder, 'latent-image.config.json'), content, top })
}

/** The report of a config's mistakes, one string for each. */
async function mistakesIn(content: unknown, files?: Record<string, string>, top?: string): Promise<string[]> {
  const error: unknown = await resolved(content, files, top).catch((error: unknown) => error)
  expect(error).toMatchObject({ code: 'INVALID_CONFIG', fault: 'caller' })
  return (error as Error).message.split('\n\n').slice(1)
}

test('passes on what is an object already', async () => {
  const namer = () => 'x'
  const content = {
    plugins: [plugin, { for: 'a:**', plugins: [plugin] }],
    generators: { 'a:b': generator },
    sources: [group, plugin],
    namer,
    prefix: 'made',
    state: { absent: 1, exists: Number.POSITIVE_INFINITY },
  }
  expect(await resolved(content)).toEqual(content)
})

test('makes plugins that are written as names, with options or without', async () => {
  const { plugins } = await resolved({
    plugins: ['./plugin.mjs', ['./plugin.mjs'], ['./plugin.mjs', { a: 1 }], { for: 'a', plugins: ['./plugin.mjs'] }],
    sources: ['./plugin.mjs'],
  })
  expect(plugins).toMatchObject([
    { name: 'test' },
    { name: 'test' },
    { name: 'test', options: { a: 1 } },
    { for: 'a', plugins: [{ name: 'test' }] },
  ])
})

test('makes plugins from packages, from TypeScript, from CommonJS and from what was compiled to it', async () => {
  const { plugins, sources } = await resolved(
    {
      plugins: ['@latent-image/plugin-storage-memory', './typed.ts', './common.cjs', './compiled.cjs'],
      sources: [['@latent-image/plugin-sources-glob', { patterns: '**' }]],
    },
    {
      'typed.ts': 'export default (options: object) => ({ name: "typed", options, apply() {} })',
      'common.cjs': 'module.exports = () => ({ name: "common", apply() {} })',
      'compiled.cjs': `Object.defineProperty(exports, '__esModule', { value: true })
        exports.default = () => ({ name: 'compiled', apply() {} })`,
    },
  )
  expect(plugins).toMatchObject([
    { name: 'storage-memory' },
    { name: 'typed' },
    { name: 'common' },
    { name: 'compiled' },
  ])
  expect(sources).toMatchObject([{ name: 'sources-glob' }])
})

test('makes specs of generators that are written as data', async () => {
  const { generators } = await resolved({
    generators: { 'a:b': { processors: [['resizeToFill', { width: 3, height: 2 }]], format: 'webp' } },
  })
  expect(generators).toMatchObject({ 'a:b': { source: 'required', generate: expect.any(Function) } })
})

/** Source of a module that exports a processor by this name. */
const processorModule = (name: string, exported: string) => `
import { defineProcessor } from '@latent-image/spec'
import * as v from 'valibot'
${exported} defineProcessor({ name: '${name}', options: v.strictObject({ by: v.number() }), apply: (picture) => picture })
`

/** A config with a generator for each of these names of processors. */
const naming = (processors: unknown[], ...names: string[]) => ({
  processors,
  generators: Object.fromEntries(names.map((name) => [name, { processors: [[name, { by: 1 }]] }])),
})

test('generators written as data name processors of every module and object that is listed', async () => {
  const own = defineProcessor({ name: 'd', options: v.strictObject({ by: v.number() }), apply: (picture) => picture })
  const { generators, ...others } = await resolved(
    naming(['./named.mjs', './typed.ts', './common.cjs', own], 'a', 'b', 'c', 'd'),
    {
      'named.mjs': `${processorModule('a', 'export const a =')} export const other = 1`,
      'typed.ts': processorModule('b', 'export default'),
      'common.cjs': `
        const { strictObject, number } = require('valibot')
        const definition = { name: 'c', options: strictObject({ by: number() }), apply: (picture) => picture }
        module.exports = { c: Object.assign(() => undefined, { definition, defaults: {} }) }`,
    },
  )
  expect(Object.keys(generators ?? {})).toEqual(['a', 'b', 'c', 'd'])
  expect(others).not.toHaveProperty('processors')
})

test('tells all mistakes at once', async () => {
  const mistakes = await mistakesIn({ plugin: [], prefix: 1, plugins: ['no-such-plugin'], generators: { 'a b': 1 } })
  expect(mistakes.map((mistake) => mistake.split('\n')[0]?.trim())).toEqual([
    'plugin',
    'plugins[0]',
    'generators["a b"]',
    'generators["a b"]',
    'prefix',
  ])
})

test('tells with other mistakes what the kernel finds, and releases what plugins made', async () => {
  const released: string[] = []
  const storage = (name: string) => ({
    name,
    apply({ hooks }: Scope) {
      hooks.storage.tap(name, () => undefined)
      return async () => void released.push(name)
    },
  })
  const twice = await mistakesIn({ plugins: [storage('one'), storage('two')], prefix: 1 })
  expect(twice).toEqual([expect.stringContaining('prefix'), expect.stringMatching(/plugins\n.*storage.*one.*two/s)])
  expect(await mistakesIn({ plugins: [storage('three')], prefix: 1 })).toHaveLength(1)
  expect(released).toContain('three')
})

test('begins paths with the key in package.json', async () => {
  expect(await mistakesIn({ prefix: 1 }, {}, 'latent-image')).toEqual([expect.stringContaining('latent-image.prefix')])
})

const cases: [what: string, content: unknown, path: string, told: string[]][] = [
  ['a misspelt key', { plugin: [] }, 'plugin', ['unknown key', 'Did you mean `plugins`?']],
  ['a key of something else', { entry: [] }, 'entry', ['unknown key', '`plugins`']],
  ['plugins that are no list', { plugins: {} }, 'plugins', ['`{}`', 'list of plugins']],
  ['a plugin that is none', { plugins: [{ name: 'a' }] }, 'plugins[0]', ["`{ name: 'a' }`", 'expected a plugin']],
  ['a factory that was not called', { plugins: [function jit() {}] }, 'plugins[0]', ['function `jit`', '`jit({ … })`']],
  ['a tuple that is too long', { plugins: [['./plugin.mjs', {}, 1]] }, 'plugins[0]', ['[name, options]']],
  ['a scope without pattern', { plugins: [{ plugins: [] }] }, 'plugins[0].for', ['Found nothing', 'pattern']],
  ['a scope without plugins', { plugins: [{ for: 'a' }] }, 'plugins[0].plugins', ['Found nothing', 'list of plugins']],
  [
    'a misspelt key of a scope',
    { plugins: [{ for: 'a', plugin: [], plugins: [] }] },
    'plugins[0].plugin',
    ['`plugins`'],
  ],
  ['a missing package', { plugins: ['@a/b/c'] }, 'plugins[0]', ['"@a/b/c"', '`npm install @a/b`']],
  ['a missing file', { plugins: ['./no.mjs'] }, 'plugins[0]', ['"./no.mjs"', 'Check the path']],
  ['a misspelt package', { plugins: ['@latent-image/plugin-storge-fs'] }, 'plugins[0]', ['plugin-storage-fs']],
  ['a shortened name', { plugins: ['storage-fs'] }, 'plugins[0]', ['in full', '`@latent-image/plugin-storage-fs`']],
  ['a package that is no plugin', { plugins: ['./data.mjs'] }, 'plugins[0]', ['not a function']],
  ['a factory of something else', { plugins: ['./other.mjs'] }, 'plugins[0]', ['returned `1`', 'expected a plugin']],
  ['a module that fails', { plugins: ['./failing.mjs'] }, 'plugins[0]', ['could not be imported', 'on purpose']],
  ['a package of something else', { plugins: ['sharp'] }, 'plugins[0]', ['`"sharp"` failed', 'is a plugin of Latent']],
  [
    'options that a factory refuses',
    { plugins: [['@latent-image/plugin-storage-fs', { rot: 1 }]] },
    'plugins[0][1]',
    ['rot: unknown option', '`root`'],
  ],
  [
    'what a factory throws',
    { plugins: [['./plugin.mjs', { wrong: 1 }]] },
    'plugins[0][1]',
    ['not valid', 'Check that'],
  ],
  ['generators that are no object', { generators: [] }, 'generators', ['`[]`', 'expected an object']],
  ['an id with a space', { generators: { 'a b': generator } }, 'generators["a b"]', ['segments']],
  ['a generator that is none', { generators: { a: 'x' } }, 'generators.a', ['`"x"`', 'imageSpec']],
  ['a function in place of a spec', { generators: { a: () => 1 } }, 'generators.a', ['function `a`', 'Give it to']],
  ['a misspelt key of a spec', { generators: { a: { formt: 'png' } } }, 'generators.a.formt', ['formt']],
  [
    'an unknown processor',
    { generators: { a: { processors: [['spin', {}]] } } },
    'generators.a.processors[0]',
    ['spin', 'in `processors`'],
  ],
  [
    'a misspelt processor',
    { generators: { a: { processors: [['resizeToFil', {}]] } } },
    'generators.a.processors[0]',
    ['resizeToFil', 'Did you mean `resizeToFill`?'],
  ],
  ['processors that are no list', { processors: './a.mjs' }, 'processors', ['`"./a.mjs"`', 'list of modules']],
  ['a processor that is none', { processors: [{}] }, 'processors[0]', ['`{}`', 'relative path']],
  ['a missing module of processors', { processors: ['acme'] }, 'processors[0]', ['"acme"', '`npm install acme`']],
  ['a module without processors', { processors: ['./data.mjs'] }, 'processors[0]', ['exports no processor', 'Export']],
  ['a module of processors that fails', { processors: ['./failing.mjs'] }, 'processors[0]', ['on purpose']],
  ['two processors of one name', { processors: ['./a.mjs', './b.mjs'] }, 'processors[1]', ['second', '`a`', 'Rename']],
  [
    'a misspelt processor of one’s own',
    { processors: ['./acme.mjs'], generators: { a: { processors: [['acme:dimed', {}]] } } },
    'generators.a.processors[0]',
    ['Did you mean `acme:dimmed`?'],
  ],
  [
    'options that a processor of one’s own refuses',
    { processors: ['./a.mjs'], generators: { a: { processors: [['a', { by: '1' }]] } } },
    'generators.a.processors[0].a.by',
    ['number'],
  ],
  ['sources that are no list', { sources: {} }, 'sources', ['`{}`', 'list of source groups']],
  ['a group without pattern', { sources: [{ items() {} }] }, 'sources[0].for', ['Found nothing', 'pattern']],
  ['a group written as data', { sources: [{ for: '**' }] }, 'sources[0].items', ['plugin-sources-glob']],
  ['a source group that is none', { sources: [1] }, 'sources[0]', ['`1`', 'a source group']],
  ['a misspelt namer', { namer: 'hsh' }, 'namer', ['`"hsh"`', 'Did you mean `hash`?']],
  ['a namer of a wrong type', { namer: 1 }, 'namer', ['`1`', 'a function or one of']],
  ['a prefix of a wrong type', { prefix: true }, 'prefix', ['`true`', 'relative path']],
  ['a prefix that leaves the root', { prefix: '../x' }, 'prefix', ['`"../x"`', 'relative path']],
  ['state that is no object', { state: 5 }, 'state', ['`5`', 'milliseconds']],
  ['a misspelt time', { state: { absnt: 5 } }, 'state.absnt', ['Did you mean `absent`?']],
  ['a time of a wrong type', { state: { absent: '5s' } }, 'state.absent', ['`"5s"`', 'milliseconds']],
]

test.each(cases)('tells %s', async (_, content, path, told) => {
  const [mistake = '', ...others] = await mistakesIn(content, {
    'data.mjs': 'export default { name: "a" }',
    'other.mjs': 'export default () => 1',
    'failing.mjs': 'throw new Error("on purpose")',
    'a.mjs': processorModule('a', 'export const a ='),
    'b.mjs': processorModule('a', 'export const b ='),
    'acme.mjs': processorModule('acme:dimmed', 'export const dimmed ='),
  })
  expect(others).toEqual([])
  expect(mistake.split('\n')[0]).toBe(`  ${path}`)
  for (const part of told) expect(mistake).toContain(part)
})

test('tells to install a package of ours that is not', async () => {
  const content = { plugins: ['@latent-image/plugin-storage-fs'] }
  await expect(resolveConfig({ path: join(tmpdir(), 'nowhere', 'a.json'), content, top: '' })).rejects.toMatchObject({
    code: 'INVALID_CONFIG',
    message: expect.stringMatching(/`npm install @latent-image\/plugin-storage-fs`.$/),
  })
})

test.each([
  ['a list', [], 'Found `[]`'],
  ['a function', () => ({}), 'Export the object itself'],
  ['null', null, 'Found `null`'],
  ['a text', 'prefix', 'Found `"prefix"`'],
])('tells that %s is no config', async (_, content, told) => {
  expect(await mistakesIn(content)).toEqual([expect.stringContaining(told)])
})

test('shows long and odd values in a few words', async () => {
  const values: unknown[] = ['x'.repeat(1000), 1n, Symbol('s'), new Date(0), undefined]
  const mistakes = await mistakesIn({ plugins: values.map((value) => ({ value })) })
  expect(mistakes).toHaveLength(values.length)
  for (const mistake of mistakes) expect(mistake.length).toBeLessThan(250)
})
