// Windows refuses these as names, with any extension.
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(?:\.|$)/i
// Invisible, or refused by some file system. Categories are named one by one: "unassigned" differs between Unicode versions.
const unfit = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd<>:"|?*]/gu
const edges = /^[\s.]+|[\s.]+$/g
const harmless = /^(?!(?:.*\/)?(?:con|prn|aux|nul|com\d|lpt\d)(?:\/|$))[a-z0-9_-]+(?:\/[a-z0-9_-]+){0,9}$/i

const longestSegment = 80
const mostSegments = 10

/**
 * What shows of a name in a path: safe on every file system, and short (segments of at most 80 bytes, the last ten of
 * them). Different names may look the same here; the hash tells them apart.
 */
export function shownName(name: string): string {
  if (name.length <= longestSegment && harmless.test(name)) return name
  const segments = name.split(/[/\\]/).map(cleaned).filter(Boolean)
  return segments.slice(-mostSegments).join('/') || '_'
}

/** A name without its last extension; a leading dot starts none. */
export function withoutExtension(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 && !/[/\\]/.test(name.slice(dot - 1)) ? name.slice(0, dot) : name
}

function cleaned(segment: string): string {
  const trimmed = segment.toWellFormed().normalize('NFC').replace(edges, '')
  const clean = shortened(trimmed.replace(unfit, '_')).replace(edges, '')
  const free = reserved.test(clean) ? `_${clean}` : clean
  // No folder may be called as a derivative is: that one could not be written then.
  return free.replace(/[0-9a-f]{32}\.[a-z0-9]+$/i, '$&_')
}

/** Cut where a character ends. */
function shortened(segment: string): string {
  const cut = Buffer.from(segment).subarray(0, longestSegment)
  return cut.toString().replace(/\ufffd+$/, '')
}
