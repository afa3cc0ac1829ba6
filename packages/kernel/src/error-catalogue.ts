import { defineErrors } from './errors.ts'
import type { Role } from './hooks.ts'

const listed = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ')

/** A package that fills a role, for those who have none. */
const fills: Readonly<Record<Role, string>> = {
  strategy: '@latent-image/plugin-strategy-jit',
  backend: '@latent-image/plugin-backend-immediate',
  storage: '@latent-image/plugin-storage-fs',
  cache: '@latent-image/plugin-cache-keyv',
  source: '@latent-image/plugin-storage-fs',
}

interface OfFile {
  /** The file's generator and source, as messages call it. */
  readonly file: string
}

/** Every error that the kernel itself makes. */
export const errors = defineErrors({
  // Set up
  INVALID_CONFIG: [
    'caller',
    ({ problems }: { problems: readonly string[] }) => `The config is not valid: ${problems.join('; ')}. Correct it.`,
  ],
  INVALID_OPTIONS: [
    'caller',
    ({ plugin, issues }: { plugin: string; issues: readonly { path: string; message: string }[] }) =>
      `The options of \`${plugin}\` are not valid: ${issues
        .map(({ path, message }) => (path ? `\`${path}\`: ${message}` : message))
        .join('; ')}. See the README of the plugin for its options.`,
  ],
  DUPLICATE_ROLE: [
    'caller',
    ({ role, plugins, pattern }: { role: Role; plugins: readonly string[]; pattern: string }) =>
      `The scope \`${pattern}\` has more than one ${role}: ${listed(plugins)}. Keep one, or put the other into a scope of its own.`,
  ],
  MISSING_ROLE: [
    'caller',
    ({ role, subject }: { role: Role; subject: string }) =>
      `No plugin serves as ${role} for ${subject}. Add one to \`plugins\`, for instance \`${fills[role]}\`.`,
  ],
  PLUGIN_FAILED: [
    'machine',
    ({ plugin, hook }: { plugin: string; hook: string }) =>
      `The plugin \`${plugin}\` failed in its tap of \`${hook}\`. The cause tells why.`,
  ],
  KERNEL_STARTED: [
    'caller',
    ({ hook }: { hook: string }) =>
      `\`${hook}\` was tapped after the kernel had started. Tap in the plugin's \`apply\`, before it returns.`,
  ],
  KERNEL_CLOSED: [
    'caller',
    ({ file }: OfFile) => `${file} was not generated: the kernel is closed. Create another one.`,
  ],
  // Generators and names
  INVALID_GENERATOR: [
    'caller',
    ({ id, problem }: { id: string; problem: string }) =>
      `The generator \`${id}\` cannot be registered: ${problem}. Register what \`imageSpec()\` returns, or a definition with \`source\`, \`fingerprint\` and \`generate\`.`,
  ],
  ALREADY_REGISTERED: [
    'caller',
    ({ id }: { id: string }) =>
      `Another generator is registered as \`${id}\`. Use another id, or unregister the other one first.`,
  ],
  UNKNOWN_GENERATOR: [
    'caller',
    ({ id, known }: { id: string; known: readonly string[] }) =>
      `No generator is registered as \`${id}\`. Registered are: ${listed(known) || 'none'}.`,
  ],
  INVALID_NAME: [
    'caller',
    ({ generator, name, hash }: { generator: string; name: unknown; hash: string }) =>
      `The namer of \`${generator}\` returned \`${String(name)}\`. Return a relative path that contains the hash \`${hash}\` whole.`,
  ],
  NOT_JSON: [
    'caller',
    ({ path, found }: { path: string; found: string }) =>
      `JSON cannot carry ${found}${path && ` at \`${path}\``}. Use plain objects, arrays, strings, finite numbers, booleans and null.`,
  ],
  INVALID_REFERENCE: [
    'caller',
    ({ problem }: { problem: string }) =>
      `This is no reference to a file: ${problem}. Pass on what \`file.reference\` gave.`,
  ],
  FILE_CHANGED: [
    'caller',
    ({ file, was, is }: OfFile & { was: string | null; is: string | null }) =>
      `${file} was called \`${was}\` and would be called \`${is}\` here. Use the same config wherever the reference travels.`,
  ],
  INVALID_KEY: [
    'caller',
    ({ key }: { key: string }) =>
      `${JSON.stringify(key)} cannot be a storage key. Use a relative path with \`/\` between segments, none of them empty, \`.\` or \`..\`, and no control characters.`,
  ],
  // Sources
  MISSING_SOURCE: [
    'caller',
    ({ file }: OfFile) => `${file} has no source, so there is no file. Test \`exists()\` first, or give it a source.`,
  ],
  INVALID_SOURCE: [
    'caller',
    ({ problem }: { problem: string }) =>
      `This cannot be a source: ${problem}. Give a name, \`{ name, revision?, attributes? }\`, \`{ name, open() }\`, a \`File\` or another file.`,
  ],
  SOURCE_NOT_FOUND: [
    'source',
    ({ file }: OfFile) => `The source of ${file} does not exist. Save it, or correct its name.`,
  ],
  SOURCE_UNREADABLE: [
    'machine',
    ({ file }: OfFile) =>
      `The source of ${file} could not be read this time. The cause tells why; the next use tries again.`,
  ],
  SOURCE_UNSTABLE: [
    'machine',
    ({ file }: OfFile) => `The source of ${file} kept changing while it was read. The next use tries again.`,
  ],
  SOURCE_READ_ONLY: [
    'caller',
    ({ name }: { name: string }) =>
      `No plugin can save or delete the source \`${name}\`. Add a storage that holds sources, for instance \`${fills.source}\`.`,
  ],
  // Files
  FILE_NOT_FOUND: [
    'machine',
    ({ key }: { key: string }) => `There is no file \`${key}\` in the storage. Write it before reading it.`,
  ],
  NOT_GENERATED: [
    'machine',
    ({ file, strategies }: OfFile & { strategies: readonly string[] }) =>
      `${file} has not been generated, and the strategy in force (${listed(strategies) || 'none'}) does not generate it when it is read. Call \`generate()\`, test \`exists()\`, or use \`${fills.strategy}\`.`,
  ],
  NO_PATH: ['caller', ({ file }: OfFile) => `${file} lies in a storage without paths. Use \`url()\` or \`bytes()\`.`],
  GENERATION_FAILED: [
    'machine',
    ({ file }: OfFile) => `${file} could not be generated this time. The cause tells why; the next use tries again.`,
  ],
  INVALID_IMAGE: [
    'caller',
    ({ file }: OfFile) =>
      `The generator of ${file} did not return an image. Return \`{ data, facts: { width, height, type } }\` with at least one byte of data.`,
  ],
  GENERATION_TIMEOUT: [
    'machine',
    ({ file, milliseconds }: OfFile & { milliseconds: number }) =>
      `${file} is being made elsewhere and was not done after ${milliseconds} ms. Ask again later, or raise \`state.wait\`.`,
  ],
  FILE_DELETED: [
    'machine',
    ({ file }: OfFile) => `${file} was deleted while it was being generated. Ask again to have it made anew.`,
  ],
  BACKEND_IDLE: [
    'caller',
    ({ file }: OfFile) =>
      `The backend reported ${file} as generated without having called \`kernel.produce\`. Call it, or answer 'scheduled'.`,
  ],
  // Storage and cache
  STORAGE_FAILED: [
    'machine',
    ({ name, generator }: { name: string; generator: string }) =>
      `The storage of \`${generator}\` failed for \`${name}\`. The cause tells why; the next use tries again.`,
  ],
  STATE_CONFLICT: [
    'machine',
    ({ name }: { name: string }) =>
      `The state of \`${name}\` could not be changed: the state cache refuses every swap. Check the cache plugin with the conformance suite of \`@latent-image/testkit\`.`,
  ],
  CACHE_TIMEOUT: [
    'machine',
    ({ plugin, limit }: { plugin: string; limit: number }) =>
      `The state cache \`${plugin}\` did not answer within ${limit} ms. Check its server; until it answers, nothing is taken as known.`,
  ],
})
