import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { redisAvailable, startRedis } from '@latent-image/testkit'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { messageOf, runProgram } from './programs/run-program.ts'
import { madeIn, sharedKernel } from './programs/shared-kernel.js'

async function stage(names: readonly string[]) {
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

const ended = async (program: ChildProcess) =>
  program.exitCode ?? program.signalCode ?? (await once(program, 'exit')).find((reason) => reason !== null)

/** The names of all files below a folder. */
async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

describe.skipIf(!redisAvailable())('several processes', () => {
  test('make one file once, however many ask for it in each', { timeout: 60_000 }, async () => {
    const { directory, startReady } = await stage(['burst.png'])
    const readers = await Promise.all(Array.from({ length: 4 }, () => startReady('read')))
    const outcomes = readers.map(messageOf)
    for (const reader of readers) reader.send('go')
    const all = (await Promise.all(outcomes)).flatMap((outcome) => outcome as string[])
    expect(all).toHaveLength(200)
    expect(new Set(all)).toEqual(new Set(['scheduled']))
    const worker = await startReady('worker')
    await vi.waitFor(async () => expect(await madeIn(directory)).toEqual(['burst.png']), { timeout: 20_000 })
    worker.kill('SIGTERM')
    expect(await ended(worker)).toBe(0)
    expect(await madeIn(directory)).toHaveLength(1)
  })

  test('lose and tear nothing when workers are killed', { timeout: 120_000 }, async () => {
    const names = Array.from({ length: 400 }, (_, index) => `${index}.png`)
    const { redis, directory, start, startReady } = await stage(names)
    const workers = await Promise.all([startReady('worker'), startReady('worker'), startReady('worker')])
    const { kernel } = sharedKernel(directory, redis.url)
    onTestFinished(() => kernel.close())
    const files = names.map((source) => kernel.file('slow', { source }))
    const schedule = async () => {
      for (const file of files) await file.generate()
    }
    const scheduled = schedule()
    for (const [kill, place] of [0, 1, 2, 0].entries()) {
      await vi.waitFor(async () => expect((await madeIn(directory)).length).toBeGreaterThan(20 * (kill + 1)), {
        timeout: 20_000,
      })
      workers[place]?.kill('SIGKILL')
      workers[place] = await start('worker')
    }
    await scheduled
    const states = () => Promise.all(files.map(async (file) => (await file.state()).state))
    await vi.waitFor(async () => expect(new Set(await states())).toEqual(new Set(['exists'])), {
      timeout: 60_000,
      interval: 200,
    })
    for (const [index, file] of files.entries()) {
      expect(await readFile(join(directory, 'media', String(file)), 'utf8')).toBe(String(names[index]).repeat(200))
    }
    for (const worker of workers) worker.kill('SIGTERM')
    expect(await Promise.all(workers.map(ended))).toEqual([0, 0, 0])
  })

  test('leave no temporary files when they are told to end', { timeout: 60_000 }, async () => {
    const names = Array.from({ length: 60 }, (_, index) => `${index}.png`)
    const { redis, directory, startReady } = await stage(names)
    const worker = await startReady('worker')
    const { kernel } = sharedKernel(directory, redis.url)
    onTestFinished(() => kernel.close())
    await Promise.all(names.map((source) => kernel.file('slow', { source }).generate()))
    await vi.waitFor(async () => expect((await madeIn(directory)).length).toBeGreaterThan(4), { timeout: 20_000 })
    worker.kill('SIGTERM')
    expect(await ended(worker)).toBe(0)
    const made = new Set(await madeIn(directory)).size
    expect(made).toBeLessThan(60)
    const left = await filesBelow(join(directory, 'media', 'CACHE'))
    expect(left).toHaveLength(made)
    expect(left.filter((name) => !/^[0-9a-f]{32}\.png$/.test(name))).toEqual([])
  })

  test('end by themselves when Redis is gone for good', { timeout: 60_000 }, async () => {
    const { redis, startReady } = await stage([])
    const worker = await startReady('worker')
    const warned = messageOf(worker)
    await redis.kill()
    expect(await warned).toBe('warned')
    worker.kill('SIGTERM')
    expect(await ended(worker)).toBe(0)
  })

  describe('a program that closes its kernel ends by itself', () => {
    const outcomeAndEnd = async (program: ChildProcess) => {
      const [outcome, code] = await Promise.all([messageOf(program), ended(program)])
      return { outcome, code }
    }

    test('while Redis is well', { timeout: 60_000 }, async () => {
      const { start } = await stage(['one.png'])
      expect(await outcomeAndEnd(await start('schedule-and-close'))).toEqual({ outcome: 'scheduled', code: 0 })
    })

    test('while Redis is down', { timeout: 60_000 }, async () => {
      const { redis, start } = await stage(['one.png'])
      await redis.kill()
      expect(await outcomeAndEnd(await start('schedule-and-close'))).toEqual({
        outcome: 'BACKEND_UNAVAILABLE',
        code: 0,
      })
    })

    test('while Redis is frozen', { timeout: 60_000 }, async () => {
      const { redis, start } = await stage(['one.png'])
      redis.freeze()
      expect(await outcomeAndEnd(await start('schedule-and-close'))).toEqual({
        outcome: 'BACKEND_UNAVAILABLE',
        code: 0,
      })
    })
  })
})
