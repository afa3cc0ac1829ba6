/** The same program with Redis between it and two workers. Needs `redis-server`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startRedis } from '@latent-image/testkit'

const redis = await startRedis()
const options = { cwd: import.meta.dirname, env: { ...process.env, REDIS_URL: redis.url }, stdio: 'inherit' }
const command = fileURLToPath(new URL('../bin/latent-image.js', import.meta.resolve('@latent-image/cli')))
const workers = [1, 2].map(() => spawn(process.execPath, [command, 'worker'], options))

const [status] = await once(spawn(process.execPath, ['main.js'], options), 'exit')

for (const worker of workers) worker.kill('SIGTERM')
await Promise.all(workers.map((worker) => once(worker, 'exit')))
await redis.stop()
process.exitCode = status
