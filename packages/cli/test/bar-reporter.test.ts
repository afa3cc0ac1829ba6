import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { createKernel, type ImageCacheFile, LatentImageError } from '@latent-image/kernel'
import { memoryStorage } from '@latent-image/plugin-storage-memory'
import { expect, test } from 'vitest'
import { barReporter } from '../src/bar-reporter.ts'
import { Summary } from '../src/summary.ts'

const copy = {
  source: 'required',
  fingerprint: 'copy',
  generate: async () => ({ data: new Uint8Array([1]), facts: { width: 1, height: 1, type: 'image/png' } }),
} as const
const file: ImageCacheFile = createKernel({ plugins: [memoryStorage()], generators: { copy } }).file('copy', {
  source: 'a.png',
})

/** A terminal that can be read, as text without colours. */
function terminal(columns: number) {
  const stream = () => Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns })
  const [out, err] = [stream(), stream()]
  const read = (from: PassThrough) => stripVTControlCharacters(String(from.read() ?? ''))
  return {
    terminal: { out: out as unknown as NodeJS.WriteStream, err: err as unknown as NodeJS.WriteStream },
    out: () => read(out),
    err: () => read(err),
  }
}

function summaryOf(outcomes: number): Summary {
  const summary = new Summary()
  for (let index = 0; index < outcomes; index++) summary.add({ file, outcome: 'generated', milliseconds: 1 })
  return summary
}

const generated = { file, outcome: 'generated', milliseconds: 1 } as const

test('draws how much is done once it knows how much there is', async () => {
  const { terminal: to, err } = terminal(80)
  const reporter = barReporter(to, Promise.resolve(4))
  await null
  await reporter.outcome(generated, summaryOf(1))
  expect(err()).toMatch(/█{8}░{22} +25 % 1 generated$/)
})

test('counts until it knows how much there is', async () => {
  const { terminal: to, err } = terminal(80)
  const reporter = barReporter(to, new Promise(() => {}))
  await reporter.outcome(generated, summaryOf(1234))
  expect(err().trim()).toBe('1,234 1,234 generated')
})

test('writes failures above the bar and never draws a line that wraps', async () => {
  const { terminal: to, err } = terminal(20)
  const reporter = barReporter(to, Promise.resolve(4))
  await null
  const error = new LatentImageError('TEST_BROKEN', 'Broken.', { fault: 'source' })
  await reporter.outcome({ file, outcome: 'failed', error }, summaryOf(1))
  const [above, bar] = err().split('\n')
  expect(above).toContain('`copy` of `a.png`: Broken. (TEST_BROKEN)')
  expect(bar?.replace('\r', '').length).toBeLessThan(20)
})

test.each([0, undefined])('takes a terminal for 80 wide that says it is %s wide', async (columns) => {
  const { terminal: to, err } = terminal(columns ?? 0)
  const reporter = barReporter(to, Promise.resolve(1))
  await null
  await reporter.outcome(generated, summaryOf(1))
  expect(err()).toContain('100 % 1 generated')
})

test('clears the bar and prints the summary', async () => {
  const { terminal: to, out } = terminal(80)
  await barReporter(to, Promise.resolve(1)).end(summaryOf(1), { milliseconds: 1234, interrupted: true })
  expect(out()).toBe('Interrupted: 1 generated (1.2 s).\n')
})
