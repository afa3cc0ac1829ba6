/** Checks what users would install: every package is built, packed and given to publint and are-the-types-wrong. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const root = fileURLToPath(new URL('..', import.meta.url))
const node = process.execPath
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

run(node, 'node_modules/@typescript/native/bin/tsc', '-b')

const directory = mkdtempSync(join(tmpdir(), 'latent-image-published-'))
try {
  for (const folder of readdirSync(join(root, 'packages'))) {
    const problems = await check(folder)
    console.log(`${problems.length === 0 ? '✓' : '✗'} packages/${folder}`)
    for (const problem of problems) console.error(`  ${problem}`)
    if (problems.length > 0) process.exitCode = 1
  }
} finally {
  rmSync(directory, { recursive: true })
}

async function check(folder) {
  const [packed] = JSON.parse(run(npm, 'pack', '--json', '--loglevel=error', '--pack-destination', directory, `./packages/${folder}`))
  const file = join(directory, packed.filename)
  const bytes = readFileSync(file)
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
  const stray = packed.files.map(({ path }) => path).filter((path) => !isExpected(path))
  return [
    ...messages.map((message) => formatMessage(message, pkg) ?? message.code),
    ...stray.map((path) => `\`${path}\` would be published`),
    ...wrongTypes(file),
  ]
}

function isExpected(path) {
  return (
    /^(dist|src|bin)\/|^(LICENSE|README\.md|CHANGELOG\.md|package\.json)$/.test(path) && !path.includes('tsbuildinfo')
  )
}

function wrongTypes(file) {
  const attw = 'node_modules/@arethetypeswrong/cli/dist/index.js'
  const args = [attw, file, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji']
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: root, encoding: 'utf8' })
  return status === 0 ? [] : [`${stdout}${stderr}`.trim()]
}

function run(command, ...args) {
  return execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}
