import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImageCacheFile } from '@latent-image/kernel'
import { expect, onTestFinished, test } from 'vitest'
import { kernelOf, loadConfig, loadKernel } from '../src/index.ts'
import { folderWith, pluginModule } from './config-folder.ts'

/** A generator that copies its source, for configs written as code. */
const copy = `{
  source: 'required',
  fingerprint: 'copy',
  async generate({ source }) {
    return { data: await source.open(), facts: { width: 1, height: 1, type: 'image/png' } }
  },
}`

async function loaded(files: Record<string, string>, options: { file?: string } = {}) {
  const cwd = await folderWith({ 'media/a.png': 'bytes of a', ...files })
  const kernel = await loadKernel({ cwd, ...options })
  onTestFinished(() => kernel.close())
  return { cwd, kernel }
}

async function textOf(file: ImageCacheFile): Promise<string> {
  return new TextDecoder().decode(await file.bytes())
}

test('adds the preset for the roles that nobody serves', async () => {
  const { cwd, kernel } = await loaded({
    'latent-image.config.mjs': `export default { generators: { copy: ${copy} } }`,
  })
  const file = kernel.file('copy', { source: 'a.png' })
  expect(await textOf(file)).toBe('bytes of a')
  expect(await file.path()).toBe(join(cwd, 'media', String(file)))
})

test('lets the config take over a role of the preset', async () => {
  const { kernel } = await loaded({
    'latent-image.config.mjs': `
      import { memoryStorage } from '@latent-image/plugin-storage-memory'
      export default { plugins: [memoryStorage()], generators: { copy: ${copy} } }`,
  })
  await kernel.source('b.png').save(new TextEncoder().encode('bytes of b'))
  const file = kernel.file('copy', { source: 'b.png' })
  expect(await textOf(file)).toBe('bytes of b')
  await expect(file.path()).rejects.toMatchObject({ code: 'NO_PATH' })
})

test('works without any config, relative to the folder given', async () => {
  const { cwd, kernel } = await loaded({})
  kernel.register('copy', {
    source: 'required',
    fingerprint: 'copy',
    generate: async ({ source }) => ({
      data: (await source?.open()) ?? new Uint8Array(),
      facts: { width: 1, height: 1, type: 'image/png' },
    }),
  })
  const file = kernel.file('copy', { source: 'a.png' })
  expect(await textOf(file)).toBe('bytes of a')
  expect(await file.path()).toBe(join(cwd, 'media', String(file)))
})

test('resolves everything relative to the config file, not to the working directory', async () => {
  const cwd = await folderWith({
    'media/a.png': 'bytes of a',
    'latent-image.config.json': JSON.stringify({
      plugins: [['@latent-image/plugin-storage-fs', { root: './media' }], './plugin.mjs'],
      sources: [['@latent-image/plugin-sources-glob', { patterns: '*.png', directory: 'media' }]],
      generators: { 'a:b': { processors: [], format: 'webp' } },
    }),
    'plugin.mjs': pluginModule,
  })
  await mkdir(join(cwd, 'deep/er'), { recursive: true })
  const kernel = await loadKernel({ cwd: join(cwd, 'deep/er') })
  onTestFinished(() => kernel.close())
  const names: unknown[] = []
  for await (const { source } of kernel.files()) names.push(source?.name)
  expect(names).toEqual(['a.png'])
})

test('loads the file given', async () => {
  const { kernel } = await loaded(
    { 'other.json': '{ "generators": { "a": { "format": "webp" } } }', 'latent-image.config.json': '{}' },
    { file: 'other.json' },
  )
  expect(kernel.generatorIds()).toEqual(['a'])
})

test('makes independent kernels of one config', async () => {
  const files = { 'latent-image.config.ts': `export default { generators: { copy: ${copy} } }` }
  const { cwd, kernel } = await loaded(files)
  const other = await loadKernel({ cwd })
  await other.close()
  expect(await textOf(kernel.file('copy', { source: 'a.png' }))).toBe('bytes of a')
})

test('says in which file a mistake is that the kernel finds', async () => {
  const cwd = await folderWith({
    'latent-image.config.json': JSON.stringify({
      plugins: ['@latent-image/plugin-storage-memory', '@latent-image/plugin-storage-fs'],
    }),
  })
  await expect(loadKernel({ cwd })).rejects.toMatchObject({
    code: 'DUPLICATE_ROLE',
    fault: 'caller',
    message: expect.stringMatching(/latent-image\.config\.json.*storage-memory.*storage-fs/s),
  })
})

test('tells the line of the config at which a plugin refused its options', async () => {
  const cwd = await folderWith({
    'latent-image.config.ts': `import { fsStorage } from '@latent-image/plugin-storage-fs'

export default {
  plugins: [fsStorage({ rot: 'media' } as object)],
}`,
  })
  await expect(loadKernel({ cwd })).rejects.toMatchObject({
    code: 'CONFIG_FAILED',
    message: expect.stringMatching(/latent-image\.config\.ts:4`.*storage-fs.*rot/),
    cause: { code: 'INVALID_OPTIONS' },
  })
})

test('tells the option of a plugin written by name that is wrong', async () => {
  const cwd = await folderWith({
    'latent-image.config.yaml': 'plugins:\n  - ["@latent-image/plugin-storage-fs", { rot: media }]\n',
  })
  await expect(loadKernel({ cwd })).rejects.toMatchObject({
    code: 'INVALID_CONFIG',
    message: expect.stringMatching(/latent-image\.config\.yaml.*plugins\[0\]\[1\].*rot/s),
  })
})

test('rejects a config that is not valid before anything is made of it', async () => {
  const cwd = await folderWith({ 'latent-image.config.json': '{ "plugin": [] }' })
  await expect(loadKernel({ cwd })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
})

test('reads a config anew that was edited', async () => {
  const { cwd, kernel } = await loaded({ 'latent-image.config.ts': `export default { generators: { a: ${copy} } }` })
  await writeFile(join(cwd, 'latent-image.config.ts'), `export default { generators: { b: ${copy} } }`)
  const other = await loadKernel({ cwd })
  onTestFinished(() => other.close())
  expect([kernel.generatorIds(), other.generatorIds()]).toEqual([['a'], ['b']])
})

test('loads the config alone, for who needs more of it than a kernel', async () => {
  const cwd = await folderWith({ 'latent-image.config.json': '{ "prefix": "made" }' })
  const loaded = await loadConfig({ cwd })
  expect(loaded).toMatchObject({
    file: join(cwd, 'latent-image.config.json'),
    directory: cwd,
    config: { prefix: 'made' },
  })
  const kernel = kernelOf(loaded)
  onTestFinished(() => kernel.close())
  kernel.register('dot', { source: 'none', format: 'png', fingerprint: 1, generate: () => Promise.reject() })
  expect(kernel.file('dot').name).toMatch(/^made\//)
})
