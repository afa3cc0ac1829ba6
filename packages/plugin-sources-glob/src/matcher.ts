import picomatch from 'picomatch'

/** Decides by name alone, so that what is enumerated and what is recognised later are the same. */
export interface Matcher {
  /** Whether a name, relative and with `/`, is meant. */
  matches(name: string): boolean
  /** Whether something below a folder (`''` for the top) can be meant. */
  mayContain(folder: string): boolean
}

export interface MatcherOptions {
  readonly patterns: readonly string[]
  readonly ignore: readonly string[]
  readonly dot: boolean
}

export function createMatcher({ patterns, ignore, dot }: MatcherOptions): Matcher {
  const isMeant = picomatch([...patterns], { dot })
  const isIgnored = ignore.length === 0 ? () => false : picomatch([...ignore], { dot: true })
  const extents = patterns.map((one) => extentOf(one))

  function isOrIsBelowIgnored(name: string): boolean {
    return isIgnored(name) || foldersAbove(name).some((folder) => isIgnored(folder))
  }

  return {
    matches: (name) => isMeant(name) && !isOrIsBelowIgnored(name),
    mayContain: (folder) => {
      if (folder === '') return true
      const path = `${folder}/`
      const reaches = extents.some(({ top, deep }) => top.startsWith(path) || (deep && path.startsWith(top)))
      return reaches && !isIgnored(folder)
    },
  }
}

/** The folder that every match of a pattern is in or below, with a `/` at its end, and whether one can be below. */
function extentOf(pattern: string): { top: string; deep: boolean } {
  const { base, glob } = picomatch.scan(pattern, { unescape: true })
  const folder = glob === '' ? base.slice(0, Math.max(0, base.lastIndexOf('/'))) : base
  return { top: folder === '' ? '' : `${folder}/`, deep: /\/|\*\*|[({]/.test(glob) }
}

function foldersAbove(name: string): string[] {
  const segments = name.split('/').slice(0, -1)
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'))
}
