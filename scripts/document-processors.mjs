/**
 * Writes docs/processors.md and its pictures: every processor with what it says of itself, its options, and what it makes
 * of one picture. Usage: node scripts/document-processors.mjs
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { pictures, processorsPage } from './processors-page.mjs'

const docs = new URL('../docs/', import.meta.url)
const folder = new URL('pictures/', docs)

await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
for await (const { name, data } of pictures()) await writeFile(new URL(name, folder), data)
await writeFile(new URL('processors.md', docs), await processorsPage())
