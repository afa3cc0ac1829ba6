import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Starts a program of this folder in a process of its own, with the built packages and a channel for messages. */
export function runProgram(name: string, ...args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), args, { execArgv: [] })
}
