import { fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Kernel } from '@latent-image/kernel'
import { type RedisServer, redisAvailable, startRedis } from '@latent-image/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
// @ts-expect-error: a program, without types
import { sharedKernel } from './programs/shared-kernel.mjs'

const program = fileURLToPath(new URL('programs/follow-links.mjs', import.meta.url))
const photo = (name: string) =>
  fileURLToPath(new URL(`../examples/quickstart/media/photos/${name}.jpg`, import.meta.url))

let folder: string
let redis: RedisServer

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latent-image-two-'))
  copyFileSync(photo('dawn'), join(folder, 'photo.jpg'))
  if (redisAvailable()) redis = await startRedis()
})

afterEach(async () => {
  await redis?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test.skipIf(!redisAvailable())('replacing a source in one process never gives another a dead link', async () => {
  const child = fork(program, [folder, redis.url], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  await once(child, 'message')
  const kernel: Kernel = sharedKernel(folder, redis.url)
  for (let round = 0; round < 20; round++) {
    const { saved } = await kernel.source('photo.jpg').save(readFileSync(photo(round % 2 ? 'dawn' : 'dusk')))
    expect(saved).toMatchObject([{ outcome: 'generated' }])
  }
  await kernel.close()
  child.send('stop')
  const [seen] = await once(child, 'message')
  expect(seen).toMatchObject({ dead: 0, empty: 0 })
  expect((seen as { links: number }).links).toBeGreaterThan(20)
})
