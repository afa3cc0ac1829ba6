/**
 * Compiles a pattern of ids: segments separated by `:`, `*` within a segment, `**` across segments. A pattern also
 * matches everything below it: `a` matches `a:b:c`.
 */
export function compilePattern(pattern: string): (id: string) => boolean {
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
