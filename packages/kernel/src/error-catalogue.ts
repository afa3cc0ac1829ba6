import { defineErrors } from './errors.ts'

/** Every error that the kernel itself makes. */
export const errors = defineErrors({
  INVALID_OPTIONS: [
    'caller',
    ({ plugin, issues }: { plugin: string; issues: readonly { path: string; message: string }[] }) =>
      `The options of \`${plugin}\` are not valid: ${issues
        .map(({ path, message }) => (path ? `\`${path}\`: ${message}` : message))
        .join('; ')}. See the README of the plugin for its options.`,
  ],
  INVALID_KEY: [
    'caller',
    ({ key }: { key: string }) =>
      `\`${JSON.stringify(key)}\` cannot be a storage key. Use a relative path with \`/\` between segments, none of them empty, \`.\` or \`..\`, and no control characters.`,
  ],
  FILE_NOT_FOUND: [
    'machine',
    ({ key }: { key: string }) => `There is no file \`${key}\` in the storage. Write it before reading it.`,
  ],
})
