import * as v from 'valibot'

export interface GlobSourcesOptions {
  /** Which sources: glob patterns relative to `directory`, with `/` on every platform. */
  readonly patterns: string | readonly string[]
  /**
   * Which of them not. What matches a folder leaves out everything below it. The folder `CACHE`, where derivatives are by
   * default, is always left out. @default []
   */
  readonly ignore?: string | readonly string[]
  /**
   * The folder whose files are meant and to which their names are relative: the root from which the storage reads
   * sources. Relative to the config file. @default 'media', as that of `fsStorage`
   */
  readonly directory?: string
  /** Pattern of the generators that these sources feed. @default the pattern of the scope the plugin is in */
  readonly for?: string
  /** Whether `*` and `**` match names that begin with a dot. @default false */
  readonly dot?: boolean
}

/** A pattern that can match a name: relative, no `..`, and not the negation of another (that is what `ignore` is for). */
const pattern = v.pipe(
  v.string(),
  v.nonEmpty('is empty'),
  v.check((text) => !/^!(?!\()/.test(text), 'begins with `!`; put what is to be left out into `ignore`'),
  v.check((text) => !text.startsWith('/') && !/^[a-z]:/i.test(text), 'is absolute; write it relative to `directory`'),
  v.check((text) => !text.split('/').includes('..'), 'leaves `directory`; sources are below it'),
)

const patterns = v.pipe(
  v.union([
    v.array(pattern),
    v.pipe(
      pattern,
      v.transform((one) => [one]),
    ),
  ]),
  v.readonly(),
)

export const optionsSchema = v.strictObject({
  patterns: v.pipe(patterns, v.minLength(1, 'is empty')),
  ignore: v.optional(patterns, []),
  directory: v.optional(v.pipe(v.string(), v.nonEmpty('is empty')), 'media'),
  for: v.optional(v.string()),
  dot: v.optional(v.boolean(), false),
})
