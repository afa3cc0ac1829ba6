// Windows refuses these as names, with any extension.
const reserved = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?:\.|$)/i
// Invisible, or refused by some file system. Categories are named one by one: "unassigned" differs between Unicode versions.
const unfit = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd<>:"|?*]/gu
const edges = /^[\s.]+|[\s.]+$/g
const harmless = /^[a-z0-9_-]+(?:\/[a-z0-9_-]+){0,9}$/i
const reservedSegment = /(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\/|$)/i

const longestSegment = 80
const mostSegments = 10

/**
 * What shows of a name in a path: safe on every file system, and short (segments of at most 80 bytes, the last ten of
 * them). Different names may look the same here; the hash tells them apart.
 */
export function shownName(name: string): string {
  if (name.length <= longestSegment && harmless.test(name) && !reservedSegment.test(name)) return name
  const segments = name.split(/[/\\]/).map(cleaned).filter(Boolean)
  return segments.slice(-mostSegments).join('/') || '_'
}

/** A name without its last extension; a leading dot starts none. */
export function withoutExtension(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 && !/[/\\]/.test(name.slice(dot - 1)) ? name.slice(0, dot) : name
}

function cleaned(segment: string): string {
  const clean = shortened(segment.toWellFormed().normalize('NFC').replace(edges, '').replace(unfit, '_')).replace(
    edges,
    '',
  )
  return reserved.test(clean) ? `_${clean}` : clean
}

function shortened(segment: string): string {
  if (Buffer.byteLength(segment) <= longestSegment) return segment
  let bytes = 0
  let short = ''
  for (const character of segment) {
    bytes += Buffer.byteLength(character)
    if (bytes > longestSegment) break
    short += character
  }
  return short
}
