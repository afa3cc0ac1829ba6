import { expect, test } from 'vitest'
import { copyConfig, folderWith, run } from './command.ts'

test('tells its version and its options', async () => {
  const folder = await folderWith({})
  expect(await run(folder, '--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  const { out, code } = await run(folder, 'generate', '--help')
  expect(code).toBe(0)
  for (const option of ['--concurrency', '--force', '--dry-run', '--json', '--config', '--ignore-bad-sources']) {
    expect(out).toContain(option)
  }
})

test.each([
  ['no command', [], 'Usage:'],
  ['an unknown command', ['generat'], 'generate'],
  ['an unknown option', ['generate', '--forc'], '--force'],
  ['a concurrency of nothing', ['generate', '--concurrency', '0'], 'whole number'],
  ['a concurrency that is no number', ['generate', '--concurrency', 'many'], 'whole number'],
  ['a config that is not there', ['generate', '--config', 'no.json'], 'no.json'],
  ['a pattern that matches nothing', ['generate', 'nope:**'], '`a:copy`, `b:copy`'],
])('exits with 2 for %s, and says what to do', async (_, args, told) => {
  const folder = await folderWith({ 'latent-image.config.mjs': copyConfig })
  expect(await run(folder, ...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(told) })
})

test('exits with 2 where there is no config and so no generator', async () => {
  const { code, err } = await run(await folderWith({}), 'generate')
  expect(code).toBe(2)
  expect(err).toContain('none')
})

test('exits with 2 for a config with mistakes, and tells them without a stack', async () => {
  const folder = await folderWith({ 'latent-image.config.json': '{ "plugin": [], "prefix": 1 }' })
  const { code, err } = await run(folder, 'generate')
  expect(code).toBe(2)
  expect(err).toContain('There are 2 mistakes')
  expect(err).not.toContain('    at ')
})

test('uses the config given', async () => {
  const folder = await folderWith({ 'config/images.mjs': copyConfig, 'config/media/1.png': 'one' })
  const { code, out } = await run(folder, 'generate', '--config', 'config/images.mjs')
  expect(code).toBe(0)
  expect(out).toContain('2 generated')
})
