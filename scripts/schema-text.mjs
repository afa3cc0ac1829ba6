/** Says in words what a valibot schema accepts: enough of valibot for the options of processors and formats. */
export function accepted(schema) {
  if (schema.pipe) return accepted(schema.pipe[0]) + range(schema.pipe)
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

/** Rows of a table of options: name, what is accepted, default. */
export function optionRows(schema) {
  return Object.entries(schema.entries).map(([name, entry]) => {
    const standard = entry.type === 'optional' ? entry.default : undefined
    const absent = entry.type === 'optional' ? '' : 'required'
    return `| \`${name}\` | ${accepted(entry)} | ${standard === undefined ? absent : code(standard)} |`
  })
}

function code(value) {
  return `\`${JSON.stringify(value).replaceAll('"', "'")}\``
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
