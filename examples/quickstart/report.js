import { writeFile } from 'node:fs/promises'

const columns = {
  source: ({ file }) => file.source.name,
  generator: ({ file }) => file.generator.id,
  url: ({ url }) => url,
  pixels: ({ width, height }) => `${width} × ${height}`,
  bytes: ({ bytes }) => bytes.toLocaleString('en'),
  state: ({ state }) => state,
  ms: ({ milliseconds }) => milliseconds.toFixed(1),
}

/** Prints rows as a table whose columns are as wide as they need to be. */
export function printTable(rows) {
  const lines = [Object.keys(columns), ...rows.map((row) => Object.values(columns).map((cell) => cell(row)))]
  const widths = Object.keys(columns).map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
}

/** Writes a page that shows the files, and returns its address. */
export async function writePage(address, rows) {
  const figures = rows.map(
    ({ file, url, width, height }) =>
      `<figure><img src="${url}" width="${width}" height="${height}" alt=""><figcaption>${file.generator.id} of ${file.source.name}</figcaption></figure>`,
  )
  const style =
    'body{font:15px system-ui;margin:2rem;display:flex;flex-wrap:wrap;gap:1rem}img{max-width:320px;height:auto}'
  const html = `<!doctype html><meta charset="utf-8"><title>Latent Image</title><style>${style}</style>${figures.join('\n')}\n`
  await writeFile(address, html)
  return address.href
}
