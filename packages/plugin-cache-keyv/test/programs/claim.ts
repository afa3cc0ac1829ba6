/** Tries to take every one of 500 keys when told to, and tells which ones it got. */
import { openCache } from '../open-cache.ts'

const [store = '', owner = ''] = process.argv.slice(2)
const { cache, release } = openCache({ store })

process.once('message', async () => {
  const claim = (_: unknown, index: number) =>
    cache.swap(`key-${index}`, undefined, { version: owner, work: { token: owner, until: Date.now() + 30_000 } })
  const answers = await Promise.all(Array.from({ length: 500 }, claim))
  process.send?.(answers.flatMap((won, index) => (won ? [index] : [])))
  await release()
  process.disconnect()
})
await cache.get('connects before the start')
process.send?.('ready')
