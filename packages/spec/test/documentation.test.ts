import { readFile, stat } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { formats } from '../src/formats.ts'
import { standardProcessors } from '../src/processors/standard.ts'

const docs = new URL('../../../docs/', import.meta.url)

test.each(standardProcessors.map(({ definition }) => definition.name))(
  'docs/processors.md shows `%s`',
  async (name) => {
    expect(await readFile(new URL('processors.md', docs), 'utf8')).toContain(`## ${name}\n`)
    expect((await stat(new URL(`pictures/${name}.webp`, docs))).size).toBeGreaterThan(0)
  },
)

test('docs/processors.md is what its script writes', async () => {
  const { processorsPage }: { processorsPage(): Promise<string> } = await import(
    /* @vite-ignore */ new URL('../scripts/processors-page.mjs', docs).href
  )
  expect(await readFile(new URL('processors.md', docs), 'utf8')).toBe(await processorsPage())
})

test.each(formats)('docs/formats.md measures %s', async (format) => {
  expect(await readFile(new URL('formats.md', docs), 'utf8')).toContain(`## ${format}\n`)
})
