import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createMatcher } from '../src/matcher.ts'
import { walk } from '../src/walk.ts'
import { folderWith } from './source-files.ts'

async function namesIn(directory: string, ...patterns: string[]): Promise<string[]> {
  const names: string[] = []
  for await (const name of walk(directory, createMatcher({ patterns, ignore: ['out'], dot: false }))) names.push(name)
  return names.sort()
}

test('tells files at every depth, by names with slashes', async () => {
  const folder = await folderWith(['a.jpg', 'b/c.jpg', 'b/d/e.jpg', 'b/f.txt', 'out/g.jpg', '.h/i.jpg'])
  expect(await namesIn(folder, '**/*.jpg')).toEqual(['a.jpg', 'b/c.jpg', 'b/d/e.jpg'])
})

test('does not tell folders', async () => {
  const folder = await folderWith(['a.jpg/b.jpg'])
  expect(await namesIn(folder, '*.jpg')).toEqual([])
})

test('tells links to files, does not enter links to folders, and tells links that lead nowhere', async () => {
  const folder = await folderWith(['a.jpg', 'real/b.jpg'])
  await symlink('a.jpg', join(folder, 'link.jpg'))
  await symlink('nowhere.jpg', join(folder, 'broken.jpg'))
  await symlink('.', join(folder, 'circle'))
  expect(await namesIn(folder, '**')).toEqual(['a.jpg', 'broken.jpg', 'link.jpg', 'real/b.jpg'])
})

test('passes over a folder that vanishes while it walks', async () => {
  const folder = await folderWith(['a.jpg', 'b/c.jpg'])
  const names = walk(folder, createMatcher({ patterns: ['**'], ignore: [], dot: false }))
  expect(await names.next()).toEqual({ done: false, value: 'a.jpg' })
  await rm(join(folder, 'b'), { recursive: true })
  expect(await names.next()).toEqual({ done: true, value: undefined })
})

test('rejects where the folder cannot be read', async () => {
  const folder = await folderWith(['a.jpg'])
  await expect(namesIn(join(folder, 'b'), '**')).rejects.toMatchObject({
    code: 'DIRECTORY_UNREADABLE',
    fault: 'machine',
    cause: { code: 'ENOENT' },
  })
  await expect(namesIn(join(folder, 'a.jpg'), '**')).rejects.toMatchObject({ cause: { code: 'ENOTDIR' } })
})
