import { checkOptions, isKey, type Plugin, type Scope, type SourceGroupItem } from '@latent-image/kernel'
import { createMatcher } from './matcher.ts'
import { type GlobSourcesOptions, optionsSchema } from './options.ts'
import { walk } from './walk.ts'

const name = 'sources-glob'

/** Where a storage keeps derivatives by default, beside the originals: derivatives of derivatives would never end. */
const derivatives = 'CACHE'

/**
 * Makes a source group of the files below a folder that match glob patterns.
 *
 * @throws INVALID_OPTIONS
 */
export function globSources(options: GlobSourcesOptions): Plugin {
  const checked = checkOptions(name, optionsSchema, options)
  const matcher = createMatcher({ ...checked, ignore: [derivatives, ...checked.ignore] })

  return {
    name,
    apply({ kernel, events, pattern, resolve }: Scope) {
      const directory = resolve(checked.directory)

      async function* items(): AsyncGenerator<SourceGroupItem> {
        for await (const source of walk(directory, matcher)) {
          if (isKey(source)) yield { source }
          else events.emit('warning', { plugin: name, message: unusable(directory, source) })
        }
      }

      const includes = (source: string) => isKey(source) && matcher.matches(source)
      return kernel.addSourceGroup({ for: checked.for ?? pattern, items, includes })
    },
  }
}

function unusable(directory: string, source: string): string {
  return `${JSON.stringify(source)} in \`${directory}\` cannot be the name of a source (no control characters, no \`\\\`). Rename the file.`
}
