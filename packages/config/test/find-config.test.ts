import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findConfig } from '../src/find-config.ts'
import { folderWith } from './config-folder.ts'

const content = { prefix: 'made' }
const typescript =
  'interface Config { prefix: string }\nconst config: Config = { prefix: "made" }\nexport default config\n'

test.each([
  ['latent-image.config.ts', typescript],
  ['latent-image.config.mts', typescript],
  ['latent-image.config.js', 'export default { prefix: "made" }'],
  ['latent-image.config.mjs', 'export default { prefix: "made" }'],
  ['latent-image.config.cjs', 'module.exports = { prefix: "made" }'],
  ['latent-image.config.json', '{ "prefix": "made" }'],
  ['latent-image.config.yaml', 'prefix: made'],
  ['latent-image.config.yml', 'prefix: made'],
  ['.latent-imagerc', 'prefix: made'],
  ['.latent-imagerc', '{ "prefix": "made" }'],
  ['.latent-imagerc.json', '\uFEFF{ "prefix": "made" }'],
  ['.latent-imagerc.yaml', 'prefix: made'],
  ['.latent-imagerc.ts', typescript],
])('loads %s', async (name, text) => {
  const folder = await folderWith({ [name]: text })
  expect(await findConfig({ cwd: folder })).toEqual({ path: join(folder, name), content, top: '' })
})

test('loads the key of package.json', async () => {
  const folder = await folderWith({ 'package.json': '{ "latent-image": { "prefix": "made" } }' })
  const path = join(folder, 'package.json')
  expect(await findConfig({ cwd: folder })).toEqual({ path, content, top: 'latent-image' })
})

test('looks upwards from the folder given, as far as the project reaches', async () => {
  const folder = await folderWith({
    'latent-image.config.json': '{}',
    'app/package.json': '{}',
    'app/src/a.js': '',
    'lib/src/a.js': '',
  })
  const found = await findConfig({ cwd: join(folder, 'lib/src') })
  expect(found?.path).toBe(join(folder, 'latent-image.config.json'))
  expect(await findConfig({ cwd: join(folder, 'app/src') })).toBeUndefined()
})

test('finds nothing where there is nothing', async () => {
  expect(await findConfig({ cwd: await folderWith({ 'package.json': '{}' }) })).toBeUndefined()
})

test('takes an empty file for a config without keys', async () => {
  const folder = await folderWith({ 'latent-image.config.yaml': '# nothing yet\n', '.latent-imagerc': 'prefix: made' })
  const path = join(folder, 'latent-image.config.yaml')
  expect(await findConfig({ cwd: folder })).toEqual({ path, content: {}, top: '' })
})

test.each([
  ['latent-image.config.ts', ''],
  ['latent-image.config.mjs', '\n'],
  ['latent-image.config.ts', 'export default undefined'],
])('asks for a default export where %s is %j', async (name, text) => {
  const folder = await folderWith({ [name]: text })
  await expect(findConfig({ cwd: folder })).rejects.toMatchObject({ code: 'NO_DEFAULT_EXPORT' })
})

test('refuses an empty file as JSON', async () => {
  const folder = await folderWith({ 'latent-image.config.json': '' })
  await expect(findConfig({ cwd: folder })).rejects.toMatchObject({ code: 'CONFIG_SYNTAX' })
})

test.each([
  ['latent-image.config.ts', 'export default null'],
  ['latent-image.config.json', 'null'],
])('does not pass over null in %s', async (name, text) => {
  const folder = await folderWith({ [name]: text })
  await expect(findConfig({ cwd: folder })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
})

test('takes an empty .latent-imagerc for a config without keys', async () => {
  const folder = await folderWith({ '.latent-imagerc': '' })
  expect(await findConfig({ cwd: folder })).toEqual({ path: join(folder, '.latent-imagerc'), content: {}, top: '' })
})

test('loads the file given, whatever its name', async () => {
  const folder = await folderWith({ 'config/images.json': '{ "prefix": "made" }', 'latent-image.config.json': '{}' })
  expect(await findConfig({ cwd: folder, file: 'config/images.json' })).toMatchObject({ content })
})

test('rejects where the file given does not exist', async () => {
  const file = 'missing.json'
  await expect(findConfig({ cwd: await folderWith({}), file })).rejects.toMatchObject({ code: 'CONFIG_NOT_FOUND' })
})

test('loads TypeScript with helpers beside it and top-level await, and writes nothing', async () => {
  const folder = await folderWith({
    'latent-image.config.ts': `
      import { prefix } from './helper'
      import { more } from './more.ts'
      export default { prefix: await Promise.resolve(prefix satisfies string), more }`,
    'helper.ts': 'export const prefix: string = "made"',
    'more.ts': 'export const more = 1 as number',
  })
  const before = await readdir(folder)
  expect(await findConfig({ cwd: folder })).toMatchObject({ content: { prefix: 'made', more: 1 } })
  expect(await readdir(folder)).toEqual(before)
})

test('reads a TypeScript config anew each time', async () => {
  const folder = await folderWith({ 'latent-image.config.ts': 'export default { prefix: "made" }' })
  const first = await findConfig({ cwd: folder })
  const second = await findConfig({ cwd: folder })
  expect(second?.content).toEqual(first?.content)
  expect(second?.content).not.toBe(first?.content)
})

test.each([
  ['latent-image.config.json', '{\n  "plugins": [],\n  "prefix": "made",\n}', 4],
  ['latent-image.config.json', '{\n  "plugins": [\n    \'a\'\n  ]\n}', 3],
  ['latent-image.config.json', '{\n  "prefix": "made"', 2],
  ['latent-image.config.json', '{ "prefix": 01 }', 1],
  ['latent-image.config.yaml', 'plugins:\n  - a\n b: [\n', 3],
  ['.latent-imagerc', 'plugins: [\n', 2],
  ['latent-image.config.ts', 'const a: number = 1\nexport default {\n  a b\n}\n', 3],
  ['latent-image.config.mjs', 'const a = 1\nexport default {\n  a b\n}\n', 3],
  ['package.json', '{\n  "name": }', 2],
])('tells the line of a syntax error in %s', async (name, text, line) => {
  const folder = await folderWith({ [name]: text })
  await expect(findConfig({ cwd: folder })).rejects.toMatchObject({
    code: 'CONFIG_SYNTAX',
    message: expect.stringContaining(`\`${join(folder, name)}:${line}\``),
  })
})

test.each(['latent-image.config.ts', 'latent-image.config.mjs'])('tells the line at which %s failed', async (name) => {
  const folder = await folderWith({ [name]: '\n\nexport default {\n  prefix: undefined.made,\n}\n' })
  await expect(findConfig({ cwd: folder })).rejects.toMatchObject({
    code: 'CONFIG_FAILED',
    message: expect.stringContaining(`\`${join(folder, name)}:4\``),
    cause: expect.any(TypeError),
  })
})

test('tells the line in a helper of the config at which it failed', async () => {
  const folder = await folderWith({
    'latent-image.config.ts': 'import "./helper"\nexport default {}',
    'helper.ts': 'const a: number = 1\nthrow new Error(String(a))',
  })
  await expect(findConfig({ cwd: folder })).rejects.toMatchObject({
    code: 'CONFIG_FAILED',
    message: expect.stringContaining(`\`${join(folder, 'helper.ts')}:2\``),
  })
})

test('does not pass over a config that fails with the code of a missing file', async () => {
  const folder = await folderWith({
    'latent-image.config.mjs':
      'import { readFileSync } from "node:fs"\nreadFileSync("/does/not/exist")\nexport default {}',
  })
  await expect(findConfig({ cwd: folder })).rejects.toMatchObject({ code: 'CONFIG_FAILED', cause: { code: 'ENOENT' } })
})

test('tells what a config throws that is no error', async () => {
  const folder = await folderWith({ 'latent-image.config.ts': 'throw "a string"' })
  await expect(findConfig({ cwd: folder })).rejects.toMatchObject({
    code: 'CONFIG_FAILED',
    message: expect.stringContaining('a string'),
  })
})

test.each(['latent-image.config.ts', 'latent-image.config.mjs'])(
  'tells how to install what %s imports',
  async (name) => {
    const folder = await folderWith({ [name]: 'import "@some/package/deep.js"\nexport default {}' })
    await expect(findConfig({ cwd: folder })).rejects.toMatchObject({
      code: 'CONFIG_FAILED',
      message: expect.stringContaining('`npm install @some/package`'),
    })
  },
)

test('calls an import that does not exist as the config does', async () => {
  const folder = await folderWith({
    'latent-image.config.ts': `import { fsStore } from '@latent-image/plugin-storage-fs'\nexport default { plugins: [fsStore()] }`,
  })
  await expect(findConfig({ cwd: folder })).rejects.toMatchObject({
    code: 'CONFIG_FAILED',
    message: expect.stringMatching(/config\.ts:2`.*: `fsStore` is not a function/),
  })
})

test('tells to check the path of a file that a config imports in vain', async () => {
  const folder = await folderWith({ 'latent-image.config.ts': 'import "./helper"\nexport default {}' })
  await expect(findConfig({ cwd: folder })).rejects.toMatchObject({
    code: 'CONFIG_FAILED',
    message: expect.stringContaining('Check the path'),
  })
})

test.each(['latent-image.config.ts', 'latent-image.config.mjs'])('asks for the default export of %s', async (name) => {
  const folder = await folderWith({ [name]: 'export const config = {}' })
  await expect(findConfig({ cwd: folder })).rejects.toMatchObject({
    code: 'NO_DEFAULT_EXPORT',
    message: expect.stringContaining('`config`'),
  })
})

test('rejects a folder in place of a file', async () => {
  const folder = await folderWith({})
  await mkdir(join(folder, 'config'))
  await expect(findConfig({ cwd: folder, file: 'config' })).rejects.toMatchObject({ code: 'CONFIG_NOT_FOUND' })
})
