/** Checks what users would install: every package is built, packed and given to publint and are-the-types-wrong. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const root = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)
const node = process.execPath
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
const settings = { cwd: root, encoding: 'utf8', maxBuffer: 100 * 1024 * 1024 }

await run(node, ['node_modules/@typescript/native/bin/tsc', '-b'], settings)

const directory = mkdtempSync(join(tmpdir(), 'latent-image-published-'))
try {
  const folders = readdirSync(join(root, 'packages')).map((folder) => `./packages/${folder}`)
  const pack = ['pack', '--json', '--loglevel=error', '--pack-destination', directory]
  const { stdout } = await run(npm, [...pack, ...folders], settings)
  const waiting = JSON.parse(stdout)
  const worker = async () => {
    for (let packed = waiting.shift(); packed; packed = waiting.shift()) report(packed.name, await check(packed))
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
} finally {
  rmSync(directory, { recursive: true })
}

async function check({ filename, files }) {
  const file = join(directory, filename)
  const bytes = readFileSync(file)
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
  const stray = files.map(({ path }) => path).filter((path) => !isExpected(path))
  return [
    ...messages.map((message) => formatMessage(message, pkg) ?? message.code),
    ...stray.map((path) => `\`${path}\` would be published`),
    ...(await wrongTypes(file)),
  ]
}

function isExpected(path) {
  return (
    /^(dist|src|bin)\/|^(LICENSE|README\.md|CHANGELOG\.md|package\.json)$/.test(path) && !path.includes('tsbuildinfo')
  )
}

async function wrongTypes(file) {
  const attw = 'node_modules/@arethetypeswrong/cli/dist/index.js'
  const options = ['--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji']
  try {
    await run(node, [attw, file, ...options], settings)
    return []
  } catch ({ stdout, stderr }) {
    return [`${stdout}${stderr}`.trim()]
  }
}

function report(name, problems) {
  console.log(`${problems.length === 0 ? '✓' : '✗'} ${name}`)
  for (const problem of problems) console.error(`  ${problem}`)
  if (problems.length > 0) process.exitCode = 1
}
