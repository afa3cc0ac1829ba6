import { defineErrors } from '@latent-image/kernel'
import { type Mistake, reportOf } from './mistakes.ts'

/** Every error that this package itself makes. */
export const errors = defineErrors({
  CONFIG_NOT_FOUND: [
    'caller',
    ({ file }: { file: string }) => `There is no config file \`${file}\`, or it cannot be read. Check the path.`,
  ],
  CONFIG_SYNTAX: [
    'caller',
    ({ file, line, problem }: { file: string; line?: string | undefined; problem: string }) =>
      `\`${withLine(file, line)}\` cannot be parsed: ${problem}. Mend the syntax there.`,
  ],
  CONFIG_FAILED: [
    'caller',
    ({ file, line, problem, advice }: { file: string; line?: string | undefined; problem: string; advice: string }) =>
      `The config file failed at \`${withLine(file, line)}\`: ${problem.replace(/\.$/, '')}. ${advice}`,
  ],
  NO_DEFAULT_EXPORT: [
    'caller',
    ({ file, found }: { file: string; found: readonly string[] }) =>
      `\`${file}\` has no default export${
        found.length > 0 ? `, only ${found.map((name) => `\`${name}\``).join(', ')}` : ''
      }. Write \`export default defineConfig({ … })\`.`,
  ],
  INVALID_CONFIG: [
    'caller',
    ({ file, mistakes }: { file: string; mistakes: readonly Mistake[] }) => reportOf(file, mistakes),
  ],
})

function withLine(file: string, line: string | undefined): string {
  return line === undefined ? file : `${file}:${line}`
}
