import type { ChildProcess } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, parse } from 'node:path'
import { redisAvailable, startRedis } from '@latent-image/testkit'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { generationsIn } from './programs/kernel-on.mjs'
import { endOf, messageOf, runProgram } from './programs/run-program.ts'

interface Part {
  readonly outcomes: readonly { readonly bytes?: string; readonly code?: string }[]
  /** Of the state cache, since the burst before. */
  readonly outages: number
}

const toWait = 20_000
const whole = { bytes: 'burstburst' }
const pending = { code: 'PENDING', retryAfter: 1_000 }
const deferred = [
  [0, pending],
  [toWait, whole],
] as const
const unavailable = { code: 'BACKEND_UNAVAILABLE' }

async function stage(backend: string, state: string) {
  const folder = await mkdtemp(join(tmpdir(), 'latent-image-burst-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const redis = await startRedis({ 'maxmemory-policy': 'noeviction' })
  onTestFinished(() => redis.stop())
  if (state !== 'up') await redis.kill()
  const address = state === 'none' ? '' : redis.url
  const start = (reads: number) => runProgram('take-part', folder, backend, address, String(reads))
  const programs = Array.from({ length: 4 }, () => start(50))
  if (backend === 'bullmq') programs.push(start(0))
  await Promise.all(programs.map(messageOf))
  return { folder, programs }
}

/** Tells all programs the same, and resolves to what each says then. */
async function tell(programs: readonly ChildProcess[], ...message: readonly unknown[]): Promise<unknown[]> {
  const answers = Promise.all(programs.map(messageOf))
  for (const program of programs) program.send(message)
  return answers
}

type Stage = Awaited<ReturnType<typeof stage>>

async function burst({ folder, programs }: Stage, source: string, waitFor: number) {
  await writeFile(join(folder, source), 'burst')
  await tell(programs, 'read', source, waitFor)
  const parts = (await tell(programs, 'release', source)) as Part[]
  const outcomes = parts.flatMap((part) => part.outcomes)
  const isOutage = parts.some(({ outages }) => outages > 0) || outcomes.some(({ code }) => code === unavailable.code)
  return { source, outcomes, isOutage }
}

/** A machine too busy for Redis to answer in time proves nothing about a Redis that does: then there is another burst. */
async function undisturbedBurst(stage: Stage, source: string, waitFor: number) {
  for (let round = 1; ; round++) {
    const result = await burst(stage, `${round}-${source}`, waitFor)
    if (!result.isOutage || round === 5) return result
  }
}

/** The bytes of all files that were made of a source. */
async function derivativesOf(source: string, folder: string): Promise<string[]> {
  const place = join(folder, 'CACHE', 'images', parse(source).name)
  const names = await readdir(place).catch(() => [])
  return Promise.all(names.map((name) => readFile(join(place, name), 'utf8')))
}

describe.skipIf(!redisAvailable())('200 reads of one absent file, over four processes', () => {
  test.each([
    { backend: 'immediate', redis: 'up', outcomes: [[toWait, whole]], atLeast: 1, atMost: 1 },
    { backend: 'immediate', redis: 'down', outcomes: [[toWait, whole]], atLeast: 1, atMost: 4 },
    { backend: 'immediate', redis: 'none', outcomes: [[toWait, whole]], atLeast: 1, atMost: 4 },
    {
      backend: 'async',
      redis: 'up',
      outcomes: deferred,
      atLeast: 1,
      atMost: 1,
    },
    {
      backend: 'async',
      redis: 'down',
      outcomes: deferred,
      atLeast: 1,
      atMost: 4,
    },
    {
      backend: 'async',
      redis: 'none',
      outcomes: deferred,
      atLeast: 1,
      atMost: 4,
    },
    {
      backend: 'bullmq',
      redis: 'up',
      outcomes: deferred,
      atLeast: 1,
      atMost: 1,
    },
    {
      backend: 'bullmq',
      redis: 'down',
      outcomes: [
        [0, unavailable],
        [toWait, unavailable],
      ],
      atLeast: 0,
      atMost: 0,
    },
  ] as const)('have one outcome, of at most $atMost generations: $backend backend, Redis $redis', async (setting) => {
    const staged = await stage(setting.backend, setting.redis)
    const { folder, programs } = staged
    const sources: string[] = []
    for (const [waitFor, expected] of setting.outcomes) {
      const result = await (setting.redis === 'up' ? undisturbedBurst : burst)(staged, `${waitFor}.png`, waitFor)
      sources.push(result.source)
      expect(result.outcomes).toEqual(Array(200).fill(expected))
    }
    const made = setting.atLeast === 0 ? [] : [whole.bytes]
    for (const source of sources) {
      await vi.waitFor(async () => expect(await derivativesOf(source, folder)).toEqual(made), { timeout: 20_000 })
    }
    for (const program of programs) program.send(['end'])
    expect(await Promise.all(programs.map(endOf))).toEqual(programs.map(() => 0))
    const generations = await generationsIn(folder)
    for (const source of sources) {
      const count = generations.filter((made) => made === source).length
      expect(count).toBeGreaterThanOrEqual(setting.atLeast)
      expect(count).toBeLessThanOrEqual(setting.atMost)
    }
  })
})
