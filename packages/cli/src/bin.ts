import { main } from './main.ts'

// Not `process.exit`: what is still to be written is written, and a kernel that does not let go would be noticed.
process.exitCode = await main(process.argv.slice(2), { out: process.stdout, err: process.stderr })
