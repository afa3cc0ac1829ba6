import { defineErrors } from './errors.ts'

/** A package that fills a role, for those who have none. */
const fills = {
  strategy: '@latent-image/plugin-strategy-jit',
  backend: '@latent-image/plugin-backend-immediate',
  storage: '@latent-image/plugin-storage-fs',
  cache: '@latent-image/plugin-cache-keyv',
  source: '@latent-image/plugin-storage-fs',
}

/** Every error that the kernel itself makes. `{file}` is a file's generator and source, as messages call it. */
export const errors = {
  ...defineErrors('caller', {
    INVALID_CONFIG: 'The config is not valid: {problems}. Correct it.',
    INVALID_OPTIONS: 'The options of `{plugin}` are not valid: {issues}. See the README of the plugin for its options.',
    DUPLICATE_ROLE:
      'The scope `{pattern}` has more than one {role}: {plugins}. Keep one, or put the other into a scope of its own.',
    MISSING_ROLE: ({ role, subject }: { role: keyof typeof fills; subject: string }) =>
      `No plugin serves as ${role} for \`${subject}\`. Add one to \`plugins\`, for instance \`${fills[role]}\`.`,
    KERNEL_STARTED: "`{hook}` was tapped after the kernel had started. Tap in the plugin's `apply`, before it returns.",
    KERNEL_CLOSED: '{file} was refused: the kernel is closed. Create another one.',
    INVALID_GENERATOR:
      "The generator `{id}` cannot be registered. Its id must be segments separated by `:`, without blanks and `*`; it must be what `imageSpec()` returns, or a definition with `source` ('required' or 'none'), `fingerprint` and `generate`.",
    ALREADY_REGISTERED: 'Another generator is registered as `{id}`. Use another id, or unregister the other one first.',
    UNKNOWN_GENERATOR: 'No generator is registered as `{id}`. Register it, or use one of: {known}.',
    INVALID_NAME:
      'The namer of `{generator}` returned `{name}`. Return a relative path that contains the hash `{hash}` whole; what comes before it may depend on the generator and on the name of the source only.',
    NAMING_FAILED:
      'A file of `{generator}` could not be named: its fingerprint or its namer failed for the source `{source}`. The cause tells why.',
    NOT_JSON:
      'JSON cannot carry {found} at `{path}`. Use plain objects, arrays, strings, finite numbers, booleans and null.',
    INVALID_PATTERN: '`{found}` is no pattern of ids. Use segments separated by `:`, with `*` and `**`.',
    INVALID_REFERENCE: 'This is no reference to a file. Pass on what `file.reference` gave.',
    FILE_CHANGED:
      '{file} was called `{was}` and would be called `{is}` here. Use the same config wherever the reference travels.',
    INVALID_KEY:
      '{key} cannot be a storage key. Use a relative path with `/` between segments, none of them empty, `.` or `..`, and no control characters.',
    MISSING_SOURCE: '{file} has no source, so there is no file. Test `exists()` first, or give it a source.',
    INVALID_SOURCE:
      'This cannot be a source: {problem}. Give a name, an object with a `name` (and `revision`, `attributes` or `open()`), a `File`, or another file.',
    SOURCE_READ_ONLY:
      'No plugin can save or delete the source `{name}`. Add a storage that holds sources, for instance `@latent-image/plugin-storage-fs`.',
    INVALID_WAIT: '`waitFor` is {found}. Give a number of milliseconds, 0 or more.',
    NO_PATH: '{file} lies in a storage without paths. Use `url()` or `bytes()`.',
  }),
  ...defineErrors('source', {
    SOURCE_NOT_FOUND: 'The source of {file} does not exist. Save it, or correct its name.',
    SOURCE_TIMEOUT:
      'The source of {file} could not be read within {milliseconds} ms. Make it faster, or raise `state.source`.',
  }),
  ...defineErrors('machine', {
    PLUGIN_FAILED: 'The plugin `{plugin}` failed in its tap of `{hook}`. The cause tells why.',
    INVALID_IMAGE:
      'The generator of {file} did not return an image. Return `data` of at least one byte, and `facts` with `width`, `height` and `type`.',
    BACKEND_IDLE:
      "The backend reported {file} as generated without having called `kernel.produce`. Call it, or answer 'scheduled'.",
    SOURCE_GROUP_FAILED: 'The source group for `{pattern}` could not be enumerated to its end. The cause tells why.',
    SOURCE_UNREADABLE: 'The source of {file} could not be read. The cause tells why; the next use tries again.',
    SOURCE_UNSTABLE: 'The source of {file} kept changing while it was read. The next use tries again.',
    SOURCE_UNWRITABLE: 'The source `{name}` could not be saved or deleted. The cause tells why.',
    FILE_NOT_FOUND: 'There is no file `{key}` in the storage. Write it before reading it.',
    NOT_GENERATED:
      '{file} has not been generated, and the strategy in force ({strategies}) does not generate it when it is read. Call `generate()`, test `exists()`, or use `@latent-image/plugin-strategy-jit`.',
    PENDING: '{file} is on its way, and not there yet. Ask again in {retryAfter} ms, or wait for it with `waitFor`.',
    GENERATION_FAILED: '{file} could not be generated. The cause tells why; the next use tries again.',
    GENERATION_TIMEOUT:
      '{file} is being made elsewhere and was not done after {milliseconds} ms. Ask again later, or raise `state.wait`.',
    FILE_DELETED: '{file} was deleted while it was being generated. Ask again to have it made anew.',
    STORAGE_FAILED: 'The storage of `{generator}` failed for `{name}`. The cause tells why; the next use tries again.',
    STATE_CONFLICT:
      'The state of `{name}` could not be changed: the cache refuses every swap. Check its plugin with the conformance suite of `@latent-image/testkit`.',
    CACHE_TIMEOUT:
      'The state cache `{plugin}` did not answer within {limit} ms. Check its server; until it answers, nothing is taken as known.',
  }),
}
