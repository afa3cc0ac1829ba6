import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** Starts a program of this folder in a process of its own, which ends with the test at the latest. */
export function runProgram(name: string, ...args: readonly string[]): ChildProcess {
  const program = fork(fileURLToPath(new URL(`./${name}.mjs`, import.meta.url)), args, {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  onTestFinished(() => void program.kill('SIGKILL'))
  return program
}

/** The next message of a program; rejects where it ends without one. */
export async function messageOf(program: ChildProcess): Promise<unknown> {
  const ended = endOf(program).then((reason) => {
    throw new Error(`The program ended with ${reason} before it had said anything.`)
  })
  const message = once(program, 'message').then(([said]) => said)
  return Promise.race([message, ended])
}

/** The exit code of a program, or the signal that ended it, once it has ended. */
export async function endOf(program: ChildProcess): Promise<unknown> {
  return program.exitCode ?? program.signalCode ?? (await once(program, 'exit')).find((reason) => reason !== null)
}
