import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Child processes run what is built: a hundred of them could not each compile it. */
export async function build(): Promise<void> {
  await run(process.execPath, [pathOf('../../../node_modules/@typescript/native/bin/tsc'), '-b', pathOf('..')]).catch(
    () => undefined,
  )
}

/** Starts a program of `child/`. */
export function start(program: string, ...args: string[]): ChildProcessByStdio<null, Readable, null> {
  return spawn(process.execPath, [pathOf(`child/${program}`), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Runs a program of `child/` under a limit of the shell's `ulimit`, and resolves to what it prints, as JSON. */
export async function runLimited(limit: string, program: string, ...args: string[]): Promise<unknown> {
  const command = `ulimit ${limit} && exec "$0" "$@"`
  const { stdout } = await run('bash', ['-c', command, process.execPath, pathOf(`child/${program}`), ...args])
  return JSON.parse(stdout)
}
