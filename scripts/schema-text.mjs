/** Says in words what a valibot schema accepts: enough of valibot for the options of processors and formats. */
export function accepted(schema) {
  if (schema.pipe) return piped(schema.pipe)
  switch (schema.type) {
    case 'optional':
      return accepted(schema.wrapped)
    case 'picklist':
      return schema.options.map(code).join(', ')
    case 'literal':
      return code(schema.literal)
    case 'union':
      return schema.options.map(accepted).join('; or ')
    case 'strict_tuple':
      return `a list of ${schema.items.length} (each ${accepted(schema.items[0])})`
    case 'array':
      return `a list of ${accepted(schema.item)}`
    case 'boolean':
      return '`true`, `false`'
    default:
      return schema.type
  }
}

/** What a schema says that an option means. */
function meaning(schema) {
  if (schema.wrapped) return meaning(schema.wrapped)
  const { description } = schema.pipe?.findLast(({ type }) => type === 'description') ?? {}
  return description ?? (schema.pipe?.[0].pipe ? meaning(schema.pipe[0]) : undefined)
}

/** A table of options: name, what it means where the schema says so, what is accepted, default. */
export function optionTable(schema) {
  const entries = Object.entries(schema.entries)
  const isDescribed = entries.some(([, entry]) => meaning(entry) !== undefined)
  const columns = ['option', ...(isDescribed ? ['meaning'] : []), 'accepted', 'default']
  const rows = entries.map(([name, entry]) => {
    const standard = entry.type === 'optional' ? entry.default : undefined
    const absent = entry.type === 'optional' ? '' : 'required'
    return [
      `\`${name}\``,
      ...(isDescribed ? [meaning(entry) ?? ''] : []),
      accepted(entry),
      standard === undefined ? absent : code(standard),
    ]
  })
  return [columns, columns.map(() => '---'), ...rows].map(row).join('\n')
}

function row(cells) {
  return cells.every((cell) => cell === '---') ? `|${cells.join('|')}|` : `| ${cells.join(' | ')} |`
}

function code(value) {
  return `\`${JSON.stringify(value).replaceAll('"', "'")}\``
}

function piped(pipe) {
  const text = accepted(pipe[0]) + range(pipe)
  return pipe.some(({ type }) => type === 'integer') ? text.replace('number', 'whole number') : text
}

function range(pipe) {
  const bound = (type) => pipe.find((part) => part.type === type)?.requirement
  const [least, most] = [bound('min_value'), bound('max_value')]
  if (pipe.some(({ type }) => type === 'regex'))
    return ' such as `#fff`, `#ffffff`, `#ffffff80`, `white`, `black`, `transparent`'
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`
  if (least !== undefined) return `, ${least} or more`
  return ''
}
