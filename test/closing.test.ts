import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RedisServer, redisAvailable, startRedis } from '@latent-image/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { endOf, messageOf, runProgram } from './programs/run-program.ts'

const outcomes = {
  immediate: { up: 'generated', down: 'generated', frozen: 'generated' },
  async: { up: 'scheduled', down: 'scheduled', frozen: 'scheduled' },
  bullmq: { up: 'scheduled', down: 'BACKEND_UNAVAILABLE', frozen: 'BACKEND_UNAVAILABLE' },
}

const bring: Record<string, (redis: RedisServer) => unknown> = {
  up: () => {},
  down: (redis) => redis.kill(),
  frozen: (redis) => redis.freeze(),
}

const settings = Object.entries(outcomes).flatMap(([backend, byState]) =>
  Object.entries(byState).map(([state, outcome]) => ({ backend, state, outcome })),
)

describe.skipIf(!redisAvailable())('a program that closes its kernel ends by itself', () => {
  test.each(settings)('$backend backend, Redis $state', { timeout: 60_000 }, async ({ backend, state, outcome }) => {
    const folder = await mkdtemp(join(tmpdir(), 'latent-image-closing-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    await writeFile(join(folder, 'one.png'), 'one')
    const redis = await startRedis({ 'maxmemory-policy': 'noeviction' })
    onTestFinished(() => redis.stop())
    await bring[state]?.(redis)
    const program = runProgram('use-and-close', folder, backend, redis.url)
    expect(await Promise.all([messageOf(program), endOf(program)])).toEqual([outcome, 0])
  })
})
