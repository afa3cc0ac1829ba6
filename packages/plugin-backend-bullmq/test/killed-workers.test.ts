import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { ImageCacheFile } from '@latent-image/kernel'
import { type RedisServer, redisAvailable } from '@latent-image/testkit'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ended } from './programs/run-program.ts'
import { concurrency, type Note, notesIn, sharedKernel } from './programs/shared-kernel.js'
import { filesBelow, stage } from './programs/stage.ts'

const second = 1_000
const patience = 15 * second
const places = [0, 1, 2]

async function stageJobs(count: number) {
  const sources = Array.from({ length: count }, (_, index) => `${index}.png`)
  const staged = await stage(sources)
  const { kernel } = sharedKernel(staged.directory, staged.redis.url)
  onTestFinished(() => kernel.close())
  const files = sources.map((source) => kernel.file('slow', { source }))
  const workers = await Promise.all(places.map(() => staged.startReady('worker')))
  // A connection that is slow to open would pass for an outage of the state cache.
  await files[0]?.state()
  return { ...staged, sources, files, workers }
}

/** One after the other: on a busy machine a thousand at once can keep Redis from answering in time. */
async function schedule(files: readonly ImageCacheFile[]): Promise<void> {
  for (const file of files) expect(await file.generate()).toBe('scheduled')
}

/** Tells, each time it is asked, whether all files exist by now; it asks for no more than it must. */
function watch(files: readonly ImageCacheFile[]): () => Promise<boolean> {
  let existing = 0
  return async () => {
    while (await files[existing]?.exists()) existing += 1
    return existing === files.length
  }
}

/** Resolves to the times of the kills by process. A worker that was killed is followed by another one. */
async function killEverySecond(
  workers: ChildProcess[],
  start: () => Promise<ChildProcess>,
  isOver: () => Promise<boolean>,
): Promise<Map<number, number>> {
  const killed = new Map<number, number>()
  for (const place of fc.sample(fc.constantFrom(...places), 90)) {
    const pause = setTimeout(second)
    if (await isOver()) break
    const victim = workers[place]
    victim?.kill('SIGKILL')
    killed.set(victim?.pid ?? 0, Date.now())
    workers[place] = await start()
    await pause
  }
  return killed
}

/** Makings that others had to begin again. */
function redoneOf(notes: readonly Note[]): { lost: Note; again: Note }[] {
  const latest = new Map<string, Note>()
  return notes.flatMap((again) => {
    if (again.event === 'made') return []
    const lost = latest.get(again.source)
    latest.set(again.source, again)
    return lost ? [{ lost, again }] : []
  })
}

/**
 * The times between which a job was in nobody's hands: when it was taken, and when it was taken again. Redis tells, since a
 * worker may be killed before it can.
 */
async function takenAgain({ url }: RedisServer): Promise<[taken: number, again: number][]> {
  const redis = new Redis(url)
  onTestFinished(() => redis.disconnect())
  const latest = new Map<string, number>()
  const events = await redis.xrange('bull:latent-image:events', '-', '+')
  return events.flatMap(([id, [, event, , job = '']]) => {
    if (event !== 'active') return []
    const taken = latest.get(job)
    const again = Number.parseInt(id, 10)
    latest.set(job, again)
    return taken === undefined ? [] : [[taken, again]]
  })
}

/** The names in the folder of derivatives, once it is sure that the bytes of each are whole. */
async function wholeFiles(files: readonly ImageCacheFile[], sources: readonly string[], directory: string) {
  for (const [index, file] of files.entries()) {
    expect(await readFile(join(directory, 'media', String(file)), 'utf8')).toBe(sources[index]?.repeat(200))
  }
  return filesBelow(join(directory, 'media', 'CACHE'))
}

async function endAll(workers: readonly ChildProcess[]): Promise<void> {
  for (const worker of workers) worker.kill('SIGTERM')
  expect(await Promise.all(workers.map(ended))).toEqual([0, 0, 0])
}

describe.skipIf(!redisAvailable())('three workers', () => {
  test('make 1,000 files, though one of them is killed each second', { timeout: 180_000 }, async () => {
    const { redis, directory, startReady, sources, files, workers } = await stageJobs(1_000)
    const scheduled = schedule(files)
    const isOver = watch(files)
    const killed = await killEverySecond(workers, () => startReady('worker'), isOver)
    await scheduled
    expect(await isOver()).toBe(true)
    for (const file of files) expect(await file.state()).toMatchObject({ state: 'exists' })
    expect(killed.size).toBeGreaterThanOrEqual(8)

    const names = await wholeFiles(files, sources, directory)
    const made = names.filter((name) => /^[0-9a-f]{32}\.png$/.test(name))
    expect(made).toHaveLength(files.length)
    // Whoever is killed cannot remove what it was writing.
    expect(names.length - made.length).toBeLessThanOrEqual(concurrency * killed.size)

    const redone = redoneOf(await notesIn(directory))
    expect(redone.filter(({ lost }) => !killed.has(lost.pid))).toEqual([])
    for (const pid of killed.keys()) {
      expect(redone.filter(({ lost }) => lost.pid === pid).length).toBeLessThanOrEqual(concurrency)
    }
    const kills = [...killed.values()]
    for (const [taken, again] of await takenAgain(redis)) {
      const kill = kills.find((time) => time >= taken) ?? Number.NaN
      expect(again - kill).toBeLessThanOrEqual(patience)
    }
    await endAll(workers)
  })

  test('make each file once where none is killed', { timeout: 60_000 }, async () => {
    const { directory, sources, files, workers } = await stageJobs(150)
    await schedule(files)
    await expect.poll(watch(files), { timeout: 40_000, interval: 200 }).toBe(true)
    const names = await wholeFiles(files, sources, directory)
    expect(names).toHaveLength(files.length)
    const begun = (await notesIn(directory)).filter(({ event }) => event === 'begun').map(({ source }) => source)
    expect(begun.toSorted()).toEqual(sources.toSorted())
    await endAll(workers)
  })
})
