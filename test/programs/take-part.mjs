/**
 * Takes part in bursts, as it is told by messages: reads one file many times at once, each time as a file of its own; with
 * no reads to do, it works on the queue. Usage: take-part.mjs FOLDER BACKEND REDIS READS
 */
import { EventEmitter, once } from 'node:events'
import { kernelOn } from './kernel-on.mjs'

const [folder, backendName, redis, reads] = process.argv.slice(2)
const releases = new EventEmitter()
const releasedSources = new Set()
const released = async (source) => releasedSources.has(source) || once(releases, source)
const { kernel, backend } = kernelOn(folder, backendName, redis, released)
let outages = 0
kernel.events.on('cacheUnavailable', () => outages++)
let outcomes

async function outcomeOf(read) {
  try {
    return { bytes: Buffer.from(await read).toString() }
  } catch ({ code, retryAfter }) {
    return { code, retryAfter }
  }
}

const parts = {
  async read(source, waitFor) {
    const file = () => kernel.file('twice', { source })
    outcomes = Promise.all(Array.from({ length: Number(reads) }, () => outcomeOf(file().bytes({ waitFor }))))
    // State is asked after the reads and on the same connection, so that they have looked too.
    await (waitFor === 0 ? outcomes : file().state())
    process.send('asked')
  },
  async release(source) {
    releasedSources.add(source)
    releases.emit(source)
    process.send({ outcomes: await outcomes, outages })
    outages = 0
  },
  async end() {
    await kernel.close()
    process.disconnect()
  },
}

process.once('disconnect', () => process.exit())
process.on('message', ([part, ...details]) => parts[part](...details))
if (reads === '0') backend.work(kernel)
// A connection is no part of a burst.
await kernel.file('twice', { source: 'other.png' }).state()
process.send('ready')
