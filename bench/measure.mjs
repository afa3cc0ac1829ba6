/** Runs a function again and again for a while and returns how often per second it did. */
export async function perSecond(run, milliseconds = 1_000) {
  for (let warmUp = 0; warmUp < 2_000; warmUp++) await run()
  const started = performance.now()
  let count = 0
  while (performance.now() - started < milliseconds) {
    for (let batch = 0; batch < 1_000; batch++) await run()
    count += 1_000
  }
  return (count * 1_000) / (performance.now() - started)
}

/** Wall and CPU time of one call, in milliseconds. */
export async function cost(run) {
  const [cpu, started] = [process.cpuUsage(), performance.now()]
  await run()
  const { user, system } = process.cpuUsage(cpu)
  return { wall: performance.now() - started, cpu: (user + system) / 1_000 }
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

/**
 * Interleaves the contestants, so that a drift of the machine meets all of them alike. Nobody cleans up after another one:
 * garbage is collected between them.
 */
export async function rounds(count, contestants) {
  const results = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]))
  for (let round = 0; round < count; round++) {
    for (const [name, run] of Object.entries(contestants)) {
      globalThis.gc?.()
      results[name].push(await run())
    }
  }
  return results
}

export function report(title, rows) {
  console.log(`\n${title}`)
  const width = Math.max(...rows.map(([label]) => label.length))
  for (const [label, ...values] of rows) console.log(`  ${label.padEnd(width)}  ${values.join('  ')}`)
}

export const thousands = (rate) => `${Math.round(rate / 1_000)}k/s`
