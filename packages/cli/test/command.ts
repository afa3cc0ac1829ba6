import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export const bin: string = fileURLToPath(new URL('../bin/latent-image.js', import.meta.url))
const installed = fileURLToPath(new URL('../../../node_modules', import.meta.url))

export interface Ended {
  readonly out: string
  readonly err: string
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A folder with these files in it and the repository's packages installed, removed when the test has finished. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'latent-image-cli-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await symlink(installed, join(folder, 'node_modules'), 'dir')
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

/** Starts the command as a user would: the built one, in a process of its own. */
export function start(cwd: string, args: readonly string[], nodeArgs: readonly string[] = []) {
  const env = { ...process.env, NO_COLOR: '1' }
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [...nodeArgs, bin, ...args], { cwd, env })
  onTestFinished(() => void child.kill('SIGKILL'))
  let out = ''
  let err = ''
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    for (const look of waiting) look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
    for (const look of waiting) look()
  })
  const ended: Promise<Ended> = once(child, 'close').then(([code, signal]) => ({ out, err, code, signal }))
  /** Resolves once it has printed this many lines that contain a text. */
  const printed = (text: string, count = 1): Promise<void> =>
    new Promise((resolve) => {
      const look = () => {
        if (`${out}\n${err}`.split('\n').filter((line) => line.includes(text)).length >= count) resolve()
      }
      waiting.add(look)
      look()
    })
  return { child, ended, printed }
}

export function run(cwd: string, ...args: string[]): Promise<Ended> {
  return start(cwd, args).ended
}

/** The lines of a `--json` run. */
export function parsed({ out }: Ended): Record<string, unknown>[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/**
 * A config as code: `copy` copies its source, and fails if that begins with `broken` (the source's fault) or `full` (the
 * machine's).
 */
export const copyConfig = `
import { LatentImageError } from '@latent-image/kernel'
import { globSources } from '@latent-image/plugin-sources-glob'

async function generate({ source }) {
  const data = await source.open()
  const text = new TextDecoder().decode(data)
  if (text.startsWith('broken')) throw new LatentImageError('TEST_BROKEN', 'Broken on purpose.', { fault: 'source' })
  if (text.startsWith('full')) throw new LatentImageError('TEST_FULL', 'Full on purpose.', { fault: 'machine' })
  return { data, facts: { width: 1, height: 1, type: 'image/png' } }
}
const copy = { source: 'required', fingerprint: 'copy', generate }

export default {
  generators: { 'a:copy': copy, 'b:copy': { ...copy, fingerprint: 'b' } },
  sources: [globSources({ patterns: '**/*.png' })],
}
`
