/** Uses a cache, whatever comes of it, and releases it; must then end by itself. */
import { openCache } from './open-cache.js'

const [store] = process.argv.slice(2)
const { cache, release } = openCache({ store })
const answers = await Promise.allSettled([cache.get('a'), cache.swap('a', undefined, { version: 'v1' })])
process.send(answers.map(({ status }) => status))
await release()
process.disconnect()
