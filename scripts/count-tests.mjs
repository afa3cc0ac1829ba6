/** Prints one plain line for a vitest JSON report, and fails where a test did not run: a skipped test proves nothing. */
import { existsSync, readFileSync } from 'node:fs'

if (!existsSync(process.argv[2])) {
  console.error('There is no report: the tests did not run to their end.')
  process.exit(1)
}
const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
const passed = tests.filter(({ status }) => status === 'passed').length
const failed = tests.filter(({ status }) => status === 'failed').length
const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed')
const broken = report.testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
)

for (const { name, message } of broken) console.error(`could not be loaded: ${name}\n${message}`)
for (const { fullName } of skipped) console.error(`did not run: ${fullName}`)
console.log(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`)
if (failed > 0 || skipped.length > 0 || broken.length > 0 || passed === 0) process.exitCode = 1
