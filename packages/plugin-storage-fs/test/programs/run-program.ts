import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const pathOf = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url))

/** Starts a program of this folder in a process of its own, with the built packages. */
export function start(name: string, ...args: readonly string[]): ChildProcessByStdio<null, Readable, null> {
  return spawn(process.execPath, [pathOf(name), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Runs a program of this folder under a limit of the shell's `ulimit`, and resolves to what it prints, as JSON. */
export async function runLimited(limit: string, name: string, ...args: readonly string[]): Promise<unknown> {
  const command = `ulimit ${limit} && exec "$0" "$@"`
  const { stdout } = await run('bash', ['-c', command, process.execPath, pathOf(name), ...args])
  return JSON.parse(stdout)
}
