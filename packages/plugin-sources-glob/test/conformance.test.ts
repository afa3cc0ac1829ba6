import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createKernel, type TiedSourceGroup } from '@latent-image/kernel'
import { sourceGroupConformance } from '@latent-image/testkit'
import { expect, test } from 'vitest'
import { globSources } from '../src/index.ts'

/** The group that a plugin brings, as its kernel gets it. */
function groupOf(directory: string): TiedSourceGroup {
  const groups: TiedSourceGroup[] = []
  const { events, hooks } = createKernel({})
  const kernel = { addSourceGroup: (group: TiedSourceGroup) => void groups.push(group) }
  const plugin = globSources({ patterns: ['*.jpg', 'deep/**/*.{png,jpg}'], ignore: 'deep/secret', directory })
  plugin.apply({ kernel: kernel as never, events, hooks, pattern: '**', resolve: (path) => path })
  const [group] = groups
  if (!group) throw new Error('The plugin brought no group.')
  return group
}

const suite = sourceGroupConformance(async (defer) => {
  const directory = await mkdtemp(join(tmpdir(), 'latent-image-glob-'))
  defer(() => rm(directory, { recursive: true }))
  const pathOf = (name: string) => join(directory, name)
  return {
    group: groupOf(directory),
    names: ['a.jpg', 'deep/b.png', 'deep/er/ü 1.jpg'],
    foreignNames: [
      'a.png',
      'b/a.jpg',
      'deep/b.gif',
      'deep/secret/c.png',
      'CACHE/a.jpg',
      '../a.jpg',
      '/a.jpg',
      'a.jpg/',
      './a.jpg',
      'deep//b.png',
    ],
    async save(name: string, data: Uint8Array) {
      await mkdir(dirname(pathOf(name)), { recursive: true })
      await writeFile(pathOf(name), data)
    },
    delete: (name: string) => rm(pathOf(name)),
  }
})

for (const { name, run } of suite) test(name, run)

test('feeds all generators by default', () => {
  expect(groupOf('.').for).toBe('**')
})
