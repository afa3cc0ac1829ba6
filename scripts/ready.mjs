/** Installs and builds what a fresh or changed clone still lacks, so that one command is enough. */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

function run(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) process.exit(status ?? 1)
}

/** npm writes this file last, so a broken installation does not look like a finished one. */
const installed = new URL('../node_modules/.package-lock.json', import.meta.url)
const wanted = new URL('../package-lock.json', import.meta.url)
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(wanted).mtimeMs) {
  console.log('Installing dependencies …')
  run(npm, 'ci')
}
run(process.execPath, 'node_modules/@typescript/native/bin/tsc', '-b')
