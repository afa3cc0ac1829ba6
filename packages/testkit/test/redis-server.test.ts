import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter } from 'node:path'
import { type RedisServer, redisAvailable, startRedis } from '@latent-image/testkit'
import { describe, expect, onTestFinished, test, vi } from 'vitest'

async function ownRedis(settings?: Record<string, string>): Promise<RedisServer> {
  const redis = await startRedis(settings)
  onTestFinished(() => redis.stop())
  return redis
}

const isListening = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

test('throws in continuous integration where there is no redis-server', () => {
  vi.stubEnv('PATH', delimiter)
  vi.stubEnv('CI', 'true')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(() => redisAvailable()).toThrow('redis-server')
})

test('warns elsewhere where there is no redis-server', async () => {
  vi.stubEnv('PATH', delimiter)
  vi.stubEnv('CI', '')
  onTestFinished(() => void vi.unstubAllEnvs())
  const warned = once(process, 'warning')
  expect(redisAvailable()).toBe(false)
  expect(String((await warned)[0])).toContain('SKIPPED')
})

test('rejects where redis-server cannot be started', async () => {
  vi.stubEnv('PATH', delimiter)
  onTestFinished(() => void vi.unstubAllEnvs())
  await expect(startRedis()).rejects.toMatchObject({ code: 'ENOENT' })
})

describe.skipIf(!redisAvailable())('a Redis of its own', () => {
  test('accepts commands as soon as it is started', async () => {
    const redis = await ownRedis()
    expect(await redis.cli('SET', 'a', 'b')).toBe('OK')
    expect(await redis.cli('GET', 'a')).toBe('b')
    expect(redis.url).toBe(`redis://127.0.0.1:${redis.port}`)
  })

  test('keeps nothing on disk', async () => {
    const redis = await ownRedis()
    expect(await redis.cli('CONFIG', 'GET', 'save')).toBe('save')
    expect(await redis.cli('CONFIG', 'GET', 'appendonly')).toContain('no')
  })

  test('takes further settings', async () => {
    const redis = await ownRedis({ maxmemory: '2mb' })
    expect(await redis.cli('CONFIG', 'GET', 'maxmemory')).toContain('2097152')
  })

  test('says why it does not start', async () => {
    await expect(startRedis({ maxmemory: 'plenty' })).rejects.toThrow('ended before it was ready')
  })

  test('answers nothing while it is frozen, and everything afterwards', async () => {
    const redis = await ownRedis()
    redis.freeze()
    let isAnswered = false
    const answer = redis.cli('PING').finally(() => {
      isAnswered = true
    })
    expect(await isListening(redis.port)).toBe(true)
    expect(isAnswered).toBe(false)
    redis.thaw()
    expect(await answer).toBe('PONG')
  })

  test('is gone after a kill, even a frozen one, and back and empty after a restart', async () => {
    const redis = await ownRedis()
    await redis.cli('SET', 'a', 'b')
    redis.freeze()
    await redis.kill()
    expect(await isListening(redis.port)).toBe(false)
    await redis.restart()
    expect(await redis.cli('GET', 'a')).toBe('')
  })

  test('is empty after a restart without a kill', async () => {
    const redis = await ownRedis()
    await redis.cli('SET', 'a', 'b')
    await redis.restart()
    expect(await redis.cli('GET', 'a')).toBe('')
  })

  test('leaves nothing behind when it is stopped, twice too', async () => {
    const redis = await startRedis()
    const directory = (await redis.cli('CONFIG', 'GET', 'dir')).split('\n')[1] ?? ''
    expect(existsSync(directory)).toBe(true)
    await redis.stop()
    await redis.stop()
    expect(existsSync(directory)).toBe(false)
    expect(await isListening(redis.port)).toBe(false)
  })

  test('dies with the process that started it, however that ends', async () => {
    const program =
      "import { startRedis } from '@latent-image/testkit'; console.log((await startRedis()).port); setInterval(() => {}, 1000)"
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [output] = await once(owner.stdout, 'data')
    const port = Number(String(output))
    expect(await isListening(port)).toBe(true)
    owner.kill('SIGKILL')
    await vi.waitFor(async () => expect(await isListening(port)).toBe(false), { timeout: 5_000 })
  })
})
