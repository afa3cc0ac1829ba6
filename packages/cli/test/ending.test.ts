import { execFile } from 'node:child_process'
import { expect, test } from 'vitest'
import { bin, folderWith, parsed, start } from './command.ts'

/** The first source is done at once; the others take as long as `ending` says. */
function slowConfig(ending: string): string {
  return `
    const facts = { width: 1, height: 1, type: 'image/png' }
    const interrupted = new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
    const slow = {
      source: 'required',
      fingerprint: 'slow',
      async generate({ source }) {
        if (source.name !== '0.png') await ${ending}
        return { data: Buffer.from('x'), facts }
      },
    }
    async function* items() {
      for (let index = 0; index < 100_000; index++) {
        yield { source: { name: \`\${index}.png\`, open: async () => Buffer.from('x') } }
      }
    }
    export default { generators: { slow }, sources: [{ for: '**', items }] }`
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('ends cleanly on %s: finishes what is in work, sums up, and exits with %i', async (signal, expected) => {
  const folder = await folderWith({ 'latent-image.config.mjs': slowConfig('interrupted') })
  const { child, ended, printed } = start(folder, ['generate', '--json', '--concurrency', '4'])
  await printed('0.png')
  child.kill(signal)
  const result = await ended
  expect(result.code).toBe(expected)
  const lines = parsed(result)
  expect(lines.at(-1)).toMatchObject({ summary: { interrupted: true, failed: 0 } })
  expect(lines.length).toBeLessThan(20)
})

test('stops at once on a second SIGINT', async () => {
  const forever = 'new Promise((resolve) => setTimeout(resolve, 1e9))'
  const folder = await folderWith({ 'latent-image.config.mjs': slowConfig(forever) })
  const { child, ended, printed } = start(folder, ['generate'])
  await printed('generated:')
  child.kill('SIGINT')
  await printed('press Ctrl-C')
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 130, out: expect.not.stringContaining('Interrupted') })
})

test('ends quietly when nobody reads its output any more', async () => {
  const folder = await folderWith({ 'latent-image.config.mjs': slowConfig('null') })
  const { child, ended, printed } = start(folder, ['generate', '--json'])
  await printed('0.png')
  child.stdout.destroy()
  expect(await ended).toMatchObject({ code: 141, err: '' })
})

test.each([
  ['lines', []],
  ['JSON', ['--json']],
])('finishes what is in work when its output cannot be written as %s', async (_, flags) => {
  const folder = await folderWith({ 'latent-image.config.mjs': slowConfig('null') })
  const command = ['-c', 'exec "$0" "$@" > /dev/full', process.execPath, bin, 'generate', ...flags]
  const [code, told] = await new Promise<[unknown, string]>((resolve) => {
    execFile('sh', command, { cwd: folder }, (error, _out, stderr) => resolve([error?.code, stderr]))
  })
  expect(code).toBe(1)
  expect(told).toMatch(/^The output cannot be written: .*\n$/)
})
