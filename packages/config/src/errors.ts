import { defineErrors } from '@latent-image/kernel'
import { type Mistake, reportOf } from './mistakes.ts'

/** Every error that this package itself makes. */
export const errors = defineErrors('caller', {
  CONFIG_NOT_FOUND: 'There is no config file `{file}`, or it cannot be read. Check the path.',
  CONFIG_SYNTAX: '`{place}` cannot be parsed: {problem}. Mend the syntax there.',
  CONFIG_FAILED: 'The config file failed at `{place}`: {problem}. {advice}',
  NO_DEFAULT_EXPORT: '`{file}` has no default export, but {found}. Write `export default defineConfig(…)`.',
  INVALID_CONFIG: ({ file, mistakes }: { file: string; mistakes: readonly Mistake[] }) => reportOf(file, mistakes),
})
