import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { copyConfig, folderWith, parsed, run, start } from './command.ts'

const files = { 'latent-image.config.mjs': copyConfig, 'media/1.png': 'one', 'media/2.png': 'two' }

async function derivativesIn(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'media'), { recursive: true })
  return names.filter((name) => /CACHE.*\.png$/.test(name))
}

test('generates all files of all source groups, once', async () => {
  const folder = await folderWith(files)
  const first = await run(folder, 'generate')
  expect(first).toMatchObject({ code: 0, err: '', out: expect.stringContaining('4 generated (') })
  expect(await derivativesIn(folder)).toHaveLength(4)
  const second = await run(folder, 'generate')
  expect(second).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^4 already there \(.*\)\.\n$/) })
})

test('prints a plain line for each file that it generated', async () => {
  const { out } = await run(await folderWith(files), 'generate', 'a')
  const lines = out.trimEnd().split('\n')
  expect(lines).toHaveLength(3)
  for (const line of lines.slice(0, 2))
    expect(line).toMatch(/^generated: CACHE\/images\/[12]\/[0-9a-f]{32}\.png \(\d+ ms\)$/)
})

test('generates a file that several patterns mean once', async () => {
  const { out } = await run(await folderWith(files), 'generate', 'a:copy', '**', 'b')
  expect(out).toContain('4 generated (')
})

test('makes files anew with --force', async () => {
  const folder = await folderWith(files)
  await run(folder, 'generate')
  expect(await run(folder, 'generate', '--force')).toMatchObject({
    code: 0,
    out: expect.stringContaining('4 generated ('),
  })
})

test('generates nothing with --dry-run, but tells what would be', async () => {
  const folder = await folderWith(files)
  await run(folder, 'generate', 'a')
  const before = await derivativesIn(folder)
  const { out, code } = await run(folder, 'generate', '--dry-run')
  expect(out).toMatch(/^(would be generated: CACHE.*\n){2}2 already there, 2 would be generated \(.*\)\.\n$/)
  expect(code).toBe(0)
  expect((await run(folder, 'generate', '--dry-run', '--force')).out).toContain('4 would be generated (')
  expect(await derivativesIn(folder)).toEqual(before)
})

test('prints an object per line with --json, and a summary', async () => {
  const folder = await folderWith({ ...files, 'media/3.png': 'broken' })
  const lines = parsed(await run(folder, 'generate', '--json', 'a'))
  expect(lines).toHaveLength(4)
  expect(lines.find(({ source }) => source === '1.png')).toEqual({
    file: expect.stringMatching(/^CACHE\/images\/1\/[0-9a-f]{32}\.png$/),
    generator: 'a:copy',
    source: '1.png',
    params: {},
    outcome: 'generated',
    milliseconds: expect.any(Number),
  })
  expect(lines.find(({ source }) => source === '3.png')).toEqual({
    file: expect.any(String),
    generator: 'a:copy',
    source: '3.png',
    params: {},
    outcome: 'failed',
    code: 'TEST_BROKEN',
    fault: 'source',
    message: 'Broken on purpose.',
  })
  expect(lines.at(-1)).toEqual({
    summary: {
      generated: 2,
      exists: 0,
      scheduled: 0,
      missing: 0,
      failed: 1,
      milliseconds: expect.any(Number),
      interrupted: false,
      reasons: [{ code: 'TEST_BROKEN', count: 1, example: 'Broken on purpose.' }],
    },
  })
})

test('lets no bad source stop the others, says why it failed, and exits with 1', async () => {
  const folder = await folderWith({ ...files, 'media/0.png': 'broken', 'media/3.png': 'broken' })
  const { out, err, code } = await run(folder, 'generate', 'a')
  expect(code).toBe(1)
  expect(err.trimEnd().split('\n').sort()).toEqual([
    'failed: `a:copy` of `0.png`: Broken on purpose. (TEST_BROKEN)',
    'failed: `a:copy` of `3.png`: Broken on purpose. (TEST_BROKEN)',
  ])
  expect(out).toMatch(/2 generated, 2 failed \(.*\)\.\n {2}2 × TEST_BROKEN, such as: Broken on purpose\.\n$/)
})

test('exits with 0 in spite of bad sources with --ignore-bad-sources, but not of a bad machine', async () => {
  const folder = await folderWith({ ...files, 'media/0.png': 'broken' })
  expect(await run(folder, 'generate', '--ignore-bad-sources')).toMatchObject({ code: 0 })
  const other = await folderWith({ ...files, 'media/0.png': 'broken', 'media/3.png': 'full' })
  expect(await run(other, 'generate', '--ignore-bad-sources')).toMatchObject({ code: 1 })
})

test('exits with 1 where sources cannot be enumerated, once it has done what it could', async () => {
  const config = `${copyConfig}
    async function* items() { yield { source: '1.png' }; throw new Error('out of sources') }
    `.replace('export default', 'const config =')
  const folder = await folderWith({
    ...files,
    'latent-image.config.mjs': `${config}; export default { ...config, sources: [{ for: 'a:**', items }] }`,
  })
  const { out, err, code } = await run(folder, 'generate')
  expect(code).toBe(1)
  expect(out).toContain('1 generated')
  expect(err).toContain('out of sources (SOURCE_GROUP_FAILED)')
})

test('says that nothing feeds the generators', async () => {
  const folder = await folderWith({
    'latent-image.config.mjs': `${copyConfig}`.replace(/sources: .*/, ''),
  })
  expect(await run(folder, 'generate')).toMatchObject({ code: 0, out: expect.stringContaining('no source group') })
})

test('generates what needs no source', async () => {
  const folder = await folderWith({
    'latent-image.config.mjs': `
      const facts = { width: 1, height: 1, type: 'image/png' }
      const dot = { source: 'none', format: 'png', fingerprint: 1, generate: async () => ({ data: Buffer.from('x'), facts }) }
      export default { generators: { dot } }`,
  })
  expect(await run(folder, 'generate')).toMatchObject({ code: 0, out: expect.stringContaining('1 generated') })
})

test('shows names that could steer the terminal as codes', async () => {
  const config = copyConfig.replace(
    /sources: .*/,
    "sources: [{ for: 'a', async *items() { yield { source: { name: 'a\\u001b[2Jb.png', open: async () => Buffer.from('broken') } } } }],",
  )
  const { err, code } = await run(await folderWith({ 'latent-image.config.mjs': config }), 'generate')
  expect(err).toContain('\\u{1b}[2J')
  expect(err).not.toContain('\u001b')
  expect(code).toBe(1)
})

test('keeps no list of what it has done', async () => {
  // 4,000 sources of 64 KB each do not fit into a heap of 64 MB.
  const config = copyConfig.replace(
    /sources: .*/,
    `sources: [{ for: 'a', async *items() {
      for (let index = 0; index < 4000; index++) {
        yield { source: { name: \`\${index}.png\`, attributes: String(index).padEnd(65536, 'x'), open: async () => Buffer.from('x') } }
      }
    } }],`,
  )
  const folder = await folderWith({ 'latent-image.config.mjs': config })
  const { ended } = start(folder, ['generate', '--dry-run', '--json'], ['--max-old-space-size=64'])
  const { code, out } = await ended
  expect(code).toBe(0)
  expect(out).toContain('"missing":4000')
})

test('does not load sharp where nothing is to be generated', async () => {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  const folder = await folderWith({
    'media/1.png': Buffer.from(pixel, 'base64'),
    'latent-image.config.json': JSON.stringify({
      generators: { small: { processors: [], format: 'webp' } },
      sources: [['@latent-image/plugin-sources-glob', { patterns: '*.png' }]],
    }),
    'loaded.cjs': `process.on('exit', () => {
      const isLoaded = Object.keys(require('node:module')._cache).some((path) => /[\\\\/]sharp[\\\\/]/.test(path))
      console.error(isLoaded ? 'sharp was loaded' : 'sharp was not loaded')
    })`,
  })
  const withReport = ['--require', join(folder, 'loaded.cjs')]
  const cold = await start(folder, ['generate'], withReport).ended
  expect(cold).toMatchObject({ code: 0, out: expect.stringContaining('1 generated'), err: 'sharp was loaded\n' })
  const warm = await start(folder, ['generate'], withReport).ended
  expect(warm).toMatchObject({ code: 0, out: expect.stringContaining('1 already'), err: 'sharp was not loaded\n' })
})

test('waits for what its own process makes later, and tells what became of it', async () => {
  const folder = await folderWith({
    ...files,
    'media/0.png': 'broken',
    'media/3.png': 'full',
    'latent-image.config.mjs': `
      import { asyncBackend } from '@latent-image/plugin-backend-async'
      ${copyConfig.replace('export default {', 'export default { plugins: [asyncBackend({ limit: 4, attempts: 1 })],')}`,
  })
  const result = await run(folder, 'generate', '--json', '--concurrency', '2')
  expect(result.code).toBe(1)
  const outcomes = parsed(result).map(({ source, outcome, code }) => `${source} ${code ?? outcome}`)
  expect(outcomes.slice(0, -1).sort()).toEqual([
    '0.png TEST_BROKEN',
    '0.png TEST_BROKEN',
    '1.png generated',
    '1.png generated',
    '2.png generated',
    '2.png generated',
    '3.png TEST_FULL',
    '3.png TEST_FULL',
  ])
})
