/** Tries to take every one of 500 keys when told to, and tells which ones it got. */
import { openCache } from './open-cache.js'

const [store, owner] = process.argv.slice(2)
const { cache, release } = openCache({ store })

process.once('message', async () => {
  const work = { token: owner, until: Date.now() + 30_000 }
  const keys = Array.from({ length: 500 }, (_, index) => `key-${index}`)
  const answers = await Promise.all(keys.map((key) => cache.swap(key, undefined, { version: owner, work })))
  process.send(answers.flatMap((won, index) => (won ? [index] : [])))
  await release()
  process.disconnect()
})
await cache.get('connects before the start')
process.send('ready')
