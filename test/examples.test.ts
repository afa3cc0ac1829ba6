import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { redisAvailable } from '@latent-image/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latent-image-examples-'))
  cpSync(join(root, 'examples'), join(folder, 'examples'), {
    recursive: true,
    filter: (path) => !/CACHE|node_modules|(custom-strategy|deferred).media/.test(path),
  })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function run(example: string, program = 'main.js'): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
    cwd: join(folder, 'examples', example),
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

test('the quickstart generates every derivative the first time, and none the second', () => {
  const first = run('quickstart')
  expect(first).toContain('The first time: 12 of 12 generated.')
  expect(first).toContain('The second time: 0 generated; 12 files asked in')
  expect(first.match(/ generated {2,}\d/g)).toHaveLength(12)
  const second = run('quickstart')
  expect(second).toContain('The first time: 0 of 12 generated.')
  expect(second.match(/ already there /g)).toHaveLength(12)
})

test('the quickstart writes a page whose pictures exist', () => {
  run('quickstart')
  const quickstart = join(folder, 'examples/quickstart')
  const html = readFileSync(join(quickstart, 'index.html'), 'utf8')
  const addresses = [...html.matchAll(/src="([^"]+)"/g)].map(([, address = '']) => address)
  expect(addresses).toHaveLength(12)
  for (const address of addresses) {
    expect(readFileSync(join(quickstart, decodeURIComponent(address))).byteLength).toBeGreaterThan(1_000)
  }
})

test('the custom strategy shows a placeholder until the picture is there', () => {
  const [nothing, uploaded, told] = run('custom-strategy').trim().split('\n')
  expect(nothing).toMatch(/placeholder/)
  expect(uploaded).toMatch(/placeholder/)
  expect(told).toMatch(/<img src="\/media\/CACHE\/images\/avatars\/kim\/[0-9a-f]{32}\.webp">/)
  const avatars = join(folder, 'examples/custom-strategy/media/CACHE/images/avatars/kim')
  expect(readdirSync(avatars)).toHaveLength(1)
})

const firstView = /^first view: placeholder( \| placeholder){7}$/m
const laterView = /^later view: 240 × 160 \| 640 × 400( \| 240 × 160 \| 640 × 400){3}$/m

test('the deferred example shows placeholders first and pictures later', () => {
  const output = run('deferred')
  expect(output).toMatch(firstView)
  expect(output).toMatch(/^waited for: \d+ bytes$/m)
  expect(output).toMatch(laterView)
})

test.skipIf(!redisAvailable())('the deferred example does the same with two workers', () => {
  const output = run('deferred', 'with-workers.js')
  expect(output).toMatch(firstView)
  expect(output.match(/^generated: /gm)).toHaveLength(8)
  expect(output).toMatch(laterView)
})
