import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from '@latent-image/testkit'
import { onTestFinished } from 'vitest'
import { messageOf, runProgram } from './run-program.ts'

/** A Redis, a folder with sources of these names in `media`, and programs that work on both. All end with the test. */
export async function stage(names: readonly string[]) {
  const redis = await startRedis({ 'maxmemory-policy': 'noeviction' })
  onTestFinished(() => redis.stop())
  const directory = await mkdtemp(join(tmpdir(), 'latent-image-bullmq-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  await mkdir(join(directory, 'media'))
  for (const name of names) await writeFile(join(directory, 'media', name), name.repeat(100))
  const start = async (program: string) => {
    const started = runProgram(program, directory, redis.url)
    onTestFinished(() => void started.kill('SIGKILL'))
    return started
  }
  const startReady = async (program: string) => {
    const started = await start(program)
    await messageOf(started)
    return started
  }
  return { redis, directory, start, startReady }
}

/** The names of all files below a folder. */
export async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}
