import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kernelOf, loadConfig } from '@latent-image/config'
import { type RedisServer, redisAvailable, startRedis } from '@latent-image/testkit'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { folderWith, run, start } from './command.ts'

test('exits with 2 where the config has no queue', async () => {
  const { code, err } = await run(await folderWith({ 'latent-image.config.json': '{}' }), 'worker')
  expect(code).toBe(2)
  expect(err).toContain('plugin-backend-bullmq')
})

describe.skipIf(!redisAvailable())('on a real Redis', () => {
  let redis: RedisServer
  let queue = 0

  beforeAll(async () => {
    redis = await startRedis({ 'maxmemory-policy': 'noeviction' })
  })
  afterAll(() => redis.stop())

  /** A folder whose config sends files to the queue; `generate` is the body of the generator's function. */
  async function folderOf(
    generate: string,
    files: Record<string, string> = {},
    { url, queueUrl = url }: { readonly url: string; readonly queueUrl?: string } = { url: redis.url },
  ): Promise<string> {
    queue += 1
    return folderWith({
      ...files,
      'latent-image.config.mjs': `
        import { setTimeout } from 'node:timers/promises'
        import { LatentImageError } from '@latent-image/kernel'
        import { bullmqBackend } from '@latent-image/plugin-backend-bullmq'
        import { keyvCache } from '@latent-image/plugin-cache-keyv'
        import { globSources } from '@latent-image/plugin-sources-glob'
        const facts = { width: 1, height: 1, type: 'image/png' }
        const copy = { source: 'required', fingerprint: 'copy', async generate({ source }) { ${generate} } }
        const bullmq = bullmqBackend({ connection: '${queueUrl}', queue: 'worker-${queue}' })
        export default {
          plugins: [keyvCache({ store: '${url}', namespace: 'worker-${queue}' }), { for: 'copy', plugins: [bullmq] }],
          generators: { copy },
          sources: [globSources({ patterns: '*.png' })],
        }`,
    })
  }

  const copySource = 'return { data: await source.open(), facts }'
  const sources = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`media/${index}.png`, `bytes ${index}`]))

  async function derivativesIn(folder: string): Promise<string[]> {
    const names = await readdir(join(folder, 'media'), { recursive: true })
    return names.filter((name) => /CACHE.*\.png$/.test(name))
  }

  test('makes what others have scheduled, says so, and exits with 0 on SIGTERM', async () => {
    const folder = await folderOf(copySource, sources)
    const scheduled = await run(folder, 'generate')
    expect(scheduled).toMatchObject({ code: 0, out: expect.stringContaining('12 scheduled') })
    const { child, ended, printed } = start(folder, ['worker', '--concurrency', '3'])
    await printed('generated: CACHE/', 12)
    expect(await derivativesIn(folder)).toHaveLength(12)
    child.kill('SIGTERM')
    const { code, out } = await ended
    expect(code).toBe(0)
    expect(out).toContain('3 at a time')
    expect(out.trimEnd().split('\n').at(-1)).toBe('Ended.')
    const again = await run(folder, 'generate')
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('12 already there') })
  })

  test('shares the work with other workers', async () => {
    const folder = await folderOf(copySource, sources)
    const workers = [start(folder, ['worker', '--concurrency', '1']), start(folder, ['worker', '--concurrency', '1'])]
    await Promise.all(workers.map(({ printed }) => printed('Working')))
    const all = Promise.all(workers.map(({ ended }) => ended))
    await run(folder, 'generate')
    await expect.poll(() => derivativesIn(folder), { timeout: 20_000 }).toHaveLength(12)
    for (const { child } of workers) child.kill('SIGINT')
    const results = await all
    expect(results.map(({ code }) => code)).toEqual([0, 0])
    const made = results.map(({ out }) => out.split('\n').filter((line) => line.startsWith('generated')))
    expect(new Set(made.flat().map((line) => line.split(' ')[1])).size).toBe(12)
  })

  test('says what failed and lives on', async () => {
    const fails = `
      if (source.name === '0.png') throw new LatentImageError('TEST_BROKEN', 'Broken on purpose.', { fault: 'source' })
      ${copySource}`
    const folder = await folderOf(fails, sources)
    const { child, ended, printed } = start(folder, ['worker'])
    const failed = printed('failed: `copy` of `0.png`: Broken on purpose. (TEST_BROKEN)')
    await printed('Working')
    const done = printed('generated: CACHE/', 11)
    await run(folder, 'generate')
    await Promise.all([failed, done])
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0 })
  })

  test('finishes what is in work before it ends', async () => {
    const folder = await folderOf(`process.stdout.write('begun\\n'); await setTimeout(500); ${copySource}`, {
      'media/a.png': 'bytes of a',
    })
    const { child, ended, printed } = start(folder, ['worker'])
    await printed('Working')
    const begun = printed('begun')
    const loaded = await loadConfig({ cwd: folder })
    const kernel = kernelOf(loaded)
    onTestFinished(() => kernel.close())
    const file = kernel.file('copy', { source: 'a.png' })
    expect(await file.generate()).toBe('scheduled')
    await begun
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0, out: expect.stringMatching(/Finishing.*generated: .*Ended\.\n$/s) })
    expect(await readFile(join(folder, 'media', String(file)), 'utf8')).toBe('bytes of a')
  })

  test('ends after the limit even if its work does not', async () => {
    const folder = await folderOf(`process.stdout.write('begun\\n'); await setTimeout(1e8)`, { 'media/a.png': 'a' })
    const { child, ended, printed } = start(folder, ['worker', '--drain', '1'])
    await printed('Working')
    const begun = printed('begun')
    await run(folder, 'generate')
    await begun
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0, out: expect.stringContaining('goes to another worker') })
  })
  test('says when it has to wait for Redis, and when it has it back', async () => {
    const own = await startRedis({ 'maxmemory-policy': 'noeviction' })
    onTestFinished(() => own.stop())
    const folder = await folderOf(copySource, sources, { url: own.url })
    const { child, ended, printed } = start(folder, ['worker'])
    await printed('Working')
    await expect.poll(() => own.cli('INFO', 'clients'), { timeout: 10_000 }).toContain('blocked_clients:1')
    await own.kill()
    await printed('lost: the queue')
    await own.restart()
    await printed('back: the queue')
    await run(folder, 'generate')
    await printed('generated: CACHE/', 12)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0 })
  })

  test('ends on SIGTERM where Redis does not let it work', async () => {
    await redis.cli('ACL', 'SETUSER', 'limited', 'on', '>secret', '~*', '&*', '+@all', '-@dangerous')
    const queueUrl = redis.url.replace('//', '//limited:secret@')
    const folder = await folderOf(copySource, {}, { url: redis.url, queueUrl })
    const { child, ended, printed } = start(folder, ['worker'])
    await printed('warning: The queue')
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 0, err: expect.stringContaining('NOPERM') })
  })
})
