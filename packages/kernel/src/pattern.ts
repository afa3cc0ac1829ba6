import { errors } from './error-catalogue.ts'

/**
 * Compiles a pattern of ids: segments separated by `:`, `*` within a segment, `**` across segments. A pattern also
 * matches everything below it: `a` matches `a:b:c`.
 *
 * @throws INVALID_PATTERN
 */
export function compilePattern(pattern: string): (id: string) => boolean {
  if (typeof pattern !== 'string') throw errors.INVALID_PATTERN({ found: String(pattern) })
  const source = pattern
    .split(/(\*\*:|\*\*|\*)/)
    .map((part) => {
      if (part === '**:') return '(?:.*:)?'
      if (part === '**') return '.*'
      return part === '*' ? '[^:]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    })
    .join('')
  const expression = new RegExp(`^${source}(?::.*)?$`, 's')
  return (id) => expression.test(id)
}
