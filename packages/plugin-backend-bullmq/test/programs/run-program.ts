import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Starts a program of this folder in a process of its own, with the built packages and a channel for messages. */
export function runProgram(name: string, ...args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), args, { execArgv: [] })
}

/** The next message of a program; rejects where it ends without one. */
export async function messageOf(program: ChildProcess): Promise<unknown> {
  const end = ended(program).then((reason) => {
    throw new Error(`The program ended with ${reason} before it had said anything.`)
  })
  const message = once(program, 'message').then(([said]) => said)
  return Promise.race([message, end])
}

/** The exit code of a program, or the signal that ended it, once it has ended. */
export async function ended(program: ChildProcess): Promise<unknown> {
  return program.exitCode ?? program.signalCode ?? (await once(program, 'exit')).find((reason) => reason !== null)
}
