import { loadKernel } from '@latent-image/config'
import { printTable, writePage } from './report.js'

const kernel = await loadKernel({ cwd: import.meta.dirname })

const generated = new Set()
kernel.events.on('generated', ({ file }) => generated.add(file.name))

/** Asks a file for what a page and its server need; whether it exists is not our concern. */
async function ask(file) {
  const started = performance.now()
  const [url, width, height, bytes] = [await file.url(), await file.width(), await file.height(), await file.bytes()]
  return { file, url, width, height, bytes: bytes.byteLength, milliseconds: performance.now() - started }
}

const rows = []
for await (const file of kernel.files('photo:**')) rows.push(await ask(file))
printTable(rows.map((row) => ({ ...row, state: generated.has(row.file.name) ? 'generated' : 'already there' })))
console.log(`\nThe first time: ${generated.size} of ${rows.length} generated.`)

generated.clear()
const started = performance.now()
for (const { file } of rows) await ask(file)
const milliseconds = (performance.now() - started).toFixed(1)
console.log(`The second time: ${generated.size} generated; ${rows.length} files asked in ${milliseconds} ms.`)

const page = await writePage(new URL('index.html', import.meta.url), rows)
console.log(`\nThe pictures are below ${new URL('media/CACHE/images', import.meta.url).pathname}`)
console.log(`Look at them: ${page}`)
await kernel.close()
