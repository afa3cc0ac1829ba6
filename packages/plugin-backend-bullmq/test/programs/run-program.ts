import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const loader = new URL('../../../../scripts/typescript.mjs', import.meta.url)

/** Starts a program of this folder in a process of its own, from source, with a channel for messages. */
export function runProgram(name: string, ...args: readonly string[]): ChildProcess {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  return fork(file, args, { execArgv: ['--conditions=@latent-image/source', '--import', loader.href] })
}
