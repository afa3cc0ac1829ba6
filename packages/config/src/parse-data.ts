import { defaultLoaders } from 'cosmiconfig'
import { errors } from './errors.ts'

/** Parses JSON. @throws CONFIG_SYNTAX with the line, which `JSON.parse` does not tell on every version of Node. */
export function parseJson(file: string, content: string): unknown {
  const text = content.replace(/^\uFEFF/, '')
  try {
    return JSON.parse(text)
  } catch (error) {
    const offset = offsetOfMistake(text)
    const line = text.slice(0, offset).split('\n').length
    const found = text[offset] === undefined ? 'the end of the file' : `\`${text[offset]}\``
    throw errors.CONFIG_SYNTAX({ place: `${file}:${line}`, problem: `${found} is not expected there in JSON` }, error)
  }
}

/** Parses YAML; where it says nothing, the config has no keys. @throws CONFIG_SYNTAX */
export async function parseYaml(file: string, content: string): Promise<unknown> {
  try {
    return ((await defaultLoaders['.yaml'](file, content)) as unknown) ?? {}
  } catch (error) {
    const { reason, mark } = error as { reason?: string; mark?: { line: number } }
    const place = mark ? `${file}:${mark.line + 1}` : file
    throw errors.CONFIG_SYNTAX({ place, problem: reason ?? String(error) }, error)
  }
}

/** Where a text stops being JSON: reads it by the grammar of RFC 8259 and gives up at the first character that fits nothing. */
function offsetOfMistake(text: string): number {
  let offset = 0
  const takes = (token: RegExp): boolean => {
    token.lastIndex = offset
    if (!token.test(text)) return false
    offset = token.lastIndex
    return true
  }
  const space = /\s*/y
  const takesSign = (sign: string): boolean => {
    takes(space)
    if (text[offset] !== sign) return false
    offset += 1
    return true
  }
  const takesScalar = (): boolean =>
    takes(space) &&
    takes(
      /"(?:[^"\\\p{Cc}]|\\["\\/bfnrt]|\\u[\da-f]{4})*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?\b|(?:true|false|null)\b/iuy,
    )
  const takesList = (end: string, takesEntry: () => boolean): boolean => {
    if (takesSign(end)) return true
    do {
      if (!takesEntry()) return false
    } while (takesSign(','))
    return takesSign(end)
  }
  const takesMember = (): boolean =>
    takes(space) && text[offset] === '"' && takesScalar() && takesSign(':') && takesValue()
  const takesValue = (): boolean => {
    if (takesSign('{')) return takesList('}', takesMember)
    if (takesSign('[')) return takesList(']', takesValue)
    return takesScalar()
  }
  takesValue()
  takes(space)
  return offset
}
