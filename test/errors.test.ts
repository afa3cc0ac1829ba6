import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { LatentImageError } from '@latent-image/kernel'
import { expect, test } from 'vitest'

const root = new URL('../', import.meta.url)
const text = readFileSync(new URL('docs/errors.md', root), 'utf8')

/** What the documentation lists of a package: `CODE fault`. */
function documented(name: string): string[] {
  const [, section = ''] = text.split(`\n## ${name}\n`)
  const [table = ''] = section.split('\n## ')
  return Array.from(table.matchAll(/^\| `([A-Z_]+)` \| (\w+) \|/gm), ([, code, fault]) => `${code} ${fault}`)
}

/** Answers every detail that a message could ask for. */
const details = new Proxy({}, { get: () => [] })

async function catalogued(folder: string): Promise<string[]> {
  const files = ['error-catalogue.ts', 'errors.ts'].map((file) => new URL(`packages/${folder}/src/${file}`, root))
  const modules = await Promise.all(files.filter(existsSync).map((file) => import(/* @vite-ignore */ file.href)))
  const errors: Record<string, (details: object) => LatentImageError> = Object.assign(
    {},
    ...modules.map((module) => module.errors),
  )
  return Object.entries(errors).map(([code, make]) => `${code} ${make(details).fault}`)
}

const folders = readdirSync(new URL('packages', root))

test.each(folders)('the documentation lists the errors of %s, no more and no less', async (folder) => {
  const { name } = JSON.parse(readFileSync(new URL(`packages/${folder}/package.json`, root), 'utf8')) as {
    name: string
  }
  expect(documented(name).toSorted()).toEqual((await catalogued(folder)).toSorted())
})

test('every package is listed once, by its name', () => {
  const names = folders.map(
    (folder) => JSON.parse(readFileSync(new URL(`packages/${folder}/package.json`, root), 'utf8')).name,
  )
  const listed = Array.from(text.matchAll(/^## (.*)$/gm), ([, name]) => name)
  expect(new Set(listed).size).toBe(listed.length)
  expect(names).toEqual(expect.arrayContaining(listed))
})
