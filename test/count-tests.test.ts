import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const script = fileURLToPath(new URL('../scripts/count-tests.mjs', import.meta.url))

async function count(...testResults: { status?: string; message?: string; tests: string[] }[]) {
  const folder = await mkdtemp(join(tmpdir(), 'latent-image-count-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const report = testResults.map(({ status = 'passed', message, tests }, index) => ({
    name: `${index}.test.ts`,
    status,
    message,
    assertionResults: tests.map((status) => ({ status, fullName: `a ${status} test` })),
  }))
  await writeFile(join(folder, 'report.json'), JSON.stringify({ testResults: report }))
  return spawnSync(process.execPath, [script, join(folder, 'report.json')], { encoding: 'utf8' })
}

test('counts tests', async () => {
  expect(await count({ tests: ['passed', 'passed'] }, { tests: ['passed'] })).toMatchObject({
    status: 0,
    stdout: '3 passed, 0 failed\n',
    stderr: '',
  })
})

test('fails where a test failed', async () => {
  expect(await count({ status: 'failed', tests: ['passed', 'failed'] })).toMatchObject({
    status: 1,
    stdout: '1 passed, 1 failed\n',
  })
})

test.each(['pending', 'skipped', 'todo', 'disabled'])('fails where a test is %s, and names it', async (status) => {
  expect(await count({ tests: ['passed', status] })).toMatchObject({
    status: 1,
    stdout: '1 passed, 0 failed, 1 skipped\n',
    stderr: `did not run: a ${status} test\n`,
  })
})

test('fails where a file of tests could not be loaded', async () => {
  expect(await count({ tests: ['passed'] }, { status: 'failed', message: 'no such module', tests: [] })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('1.test.ts\nno such module'),
  })
})

test('fails where there are no tests, or no report', async () => {
  expect(await count()).toMatchObject({ status: 1, stdout: '0 passed, 0 failed\n' })
  const { status, stderr } = spawnSync(process.execPath, [script, 'no-such-report.json'], { encoding: 'utf8' })
  expect(status).toBe(1)
  expect(stderr).toContain('no report')
})
