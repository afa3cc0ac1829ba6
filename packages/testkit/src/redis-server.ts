import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A real Redis of one's own, for tests: on a free port of this machine, empty, and keeping nothing on disk. */
export interface RedisServer {
  /** Such as `redis://127.0.0.1:40123`; stays the same over `restart`. */
  readonly url: string
  readonly port: number
  /** Runs one command with `redis-cli` and resolves to what it prints. */
  cli(...command: readonly string[]): Promise<string>
  /** Stops the process without ending it: connections stay open and nothing answers. */
  freeze(): void
  /** Lets a frozen server go on, with all that was sent to it meanwhile. */
  thaw(): void
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>
  /** Starts it again on the same port, empty. One that runs is killed first. */
  restart(): Promise<void>
  /** Ends the process and removes its directory. To be called by every test that started one. */
  stop(): Promise<void>
}

/**
 * Whether there is a `redis-server` to test with. Where there is none, it warns that tests are skipped; in continuous
 * integration (`CI` is set) it throws instead, so that nobody takes a run without Redis for a whole one.
 */
export function redisAvailable(): boolean {
  if (spawnSync('redis-server', ['--version']).status === 0) return true
  const message = 'There is no `redis-server` on the PATH. Install Redis to run the tests that need one.'
  if (process.env.CI) throw new Error(message)
  process.emitWarning(`${message} They are SKIPPED now.`)
  return false
}

/**
 * Starts a Redis and resolves when it accepts connections. It dies with this process, however that ends.
 *
 * @param settings - More of its settings by name, such as `{ maxmemory: '2mb' }`.
 */
export async function startRedis(settings: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'latent-image-redis-'))
  const launch = (port: number) =>
    launchRedis({ port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', dir: directory, ...settings })
  let { port, running } = await launchOnFreePort(launch)
  const kill = async () => {
    await running?.end()
    running = undefined
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async cli(...command) {
      const { stdout } = await promisify(execFile)('redis-cli', ['-p', String(port), ...command], { timeout: 5_000 })
      return stdout.trimEnd()
    },
    freeze: () => void running?.process.kill('SIGSTOP'),
    thaw: () => void running?.process.kill('SIGCONT'),
    kill,
    async restart() {
      await kill()
      running = await launch(port)
    },
    async stop() {
      await kill()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

interface RunningRedis {
  readonly process: ChildProcess
  end(): Promise<void>
}

async function launchOnFreePort(launch: (port: number) => Promise<RunningRedis>) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    try {
      return { port, running: (await launch(port)) as RunningRedis | undefined }
    } catch (error) {
      // Somebody else may have taken the port between asking for it and using it.
      if (attempt === 5) throw error
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

async function launchRedis(settings: Readonly<Record<string, string>>): Promise<RunningRedis> {
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const redis = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const exited = new Promise<void>((resolve) => {
    redis.once('exit', () => resolve())
    redis.once('error', () => resolve())
  })
  await whenReady(redis)
  // The pipe to this shell closes when our process ends, even by SIGKILL; then it ends the server, even a frozen one.
  const guard = spawn('sh', ['-c', 'read _; kill -9 "$1"', 'sh', String(redis.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  for (const handle of [redis, guard]) handle.unref()
  return {
    process: redis,
    async end() {
      guard.kill('SIGKILL')
      redis.ref()
      redis.kill('SIGKILL')
      await exited
    },
  }
}

function whenReady(redis: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    redis.once('error', reject)
    redis.once('exit', () => reject(new Error(`\`redis-server\` ended before it was ready. It said: ${log}`)))
    redis.stdout?.on('data', (chunk: Buffer) => {
      log += chunk
      if (!log.includes('Ready to accept connections')) return
      redis.stdout?.destroy()
      resolve()
    })
  })
}
