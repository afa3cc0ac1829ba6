/** Runs every benchmark, each in a process of its own, one after the other. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const only = process.argv.slice(2)
const benchmarks = ['page-view', 'page-view-redis', 'cold', 'spec-widths', 'warm-generate', 'deferred'].filter(
  (name) => only.length === 0 || only.includes(name),
)
console.log(`Node ${process.version}, ${process.platform} ${process.arch}`)
for (const name of benchmarks) {
  const program = fileURLToPath(new URL(`${name}.mjs`, import.meta.url))
  const { status } = spawnSync(process.execPath, ['--expose-gc', program], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
