/** Page views with state in Redis: what is known costs no round trip. Needs `redis-server`. */
import { createKernel } from '@latent-image/kernel'
import { immediate } from '@latent-image/plugin-backend-immediate'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { memoryStorage } from '@latent-image/plugin-storage-memory'
import { jit } from '@latent-image/plugin-strategy-jit'
import { imageSpec, resizeToFill } from '@latent-image/spec'
import { redisAvailable, startRedis } from '@latent-image/testkit'
import { median, perSecond, report, rounds, thousands } from './measure.mjs'
import { photograph } from './photograph.mjs'

if (!redisAvailable()) {
  console.log('\nPage view with state in Redis: skipped, there is no redis-server.')
  process.exit()
}
const redis = await startRedis()
const commandsSeen = async () => Number(/total_commands_processed:(\d+)/.exec(await redis.cli('info', 'stats'))?.[1])
const kernel = createKernel({
  plugins: [memoryStorage(), keyvCache({ store: redis.url }), immediate(), jit()],
  generators: { thumbnail: imageSpec({ processors: [resizeToFill(240, 160)], format: 'webp' }) },
})
const source = 'avatars/kim.jpg'
await kernel.source(source).save(await photograph(640, 480))
const kept = kernel.file('thumbnail', { source })
await kept.bytes()

const commandsBefore = await commandsSeen()
const results = await rounds(5, {
  'new file, url()': () => perSecond(() => kernel.file('thumbnail', { source }).url()),
  'kept file, url()': () => perSecond(() => kept.url()),
  'kept file, width()': () => perSecond(() => kept.width()),
})
const commands = (await commandsSeen()) - commandsBefore
report('Page view, state in Redis (median of 5 rounds)', [
  ...Object.entries(results).map(([name, rates]) => [name, thousands(median(rates))]),
  ['commands that Redis saw in all that', String(commands)],
])
await kernel.close()
await redis.stop()
