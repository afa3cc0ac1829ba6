import { main } from './main.ts'

/** Milliseconds that whatever is still open after the end may keep the process: work past its limit, a driver's timer. */
const grace = 1_000

// Not `process.exit` at once: what is still to be written is written.
process.exitCode = await main(process.argv.slice(2), { out: process.stdout, err: process.stderr })
setTimeout(() => process.exit(), grace).unref()
