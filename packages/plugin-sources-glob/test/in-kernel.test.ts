import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createKernel, type GeneratorDefinition, type Plugin, type ScopedPlugins } from '@latent-image/kernel'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { memoryStorage } from '@latent-image/plugin-storage-memory'
import { expect, onTestFinished, test } from 'vitest'
import { globSources } from '../src/index.ts'
import { folderWith } from './source-files.ts'

const thumbnail: GeneratorDefinition = {
  source: 'required',
  fingerprint: 'thumbnail',
  generate: async () => ({ data: new Uint8Array([1]), facts: { width: 1, height: 1, type: 'image/png' } }),
}
const generators = { 'shop:small': thumbnail, 'blog:small': { ...thumbnail } }

function kernelWith(directory: string, ...plugins: (Plugin | ScopedPlugins)[]) {
  const kernel = createKernel({ plugins: [memoryStorage(), keyvCache(), ...plugins], generators }, { directory })
  onTestFinished(() => kernel.close())
  return kernel
}

async function filesOf(kernel: ReturnType<typeof kernelWith>, pattern?: string): Promise<string[]> {
  const files: string[] = []
  for await (const { generator, source } of kernel.files(pattern)) files.push(`${generator.id} ${source?.name}`)
  return files.sort()
}

test('feeds the generators of the pattern given', async () => {
  const directory = await folderWith(['media/a.jpg'])
  const kernel = kernelWith(directory, globSources({ for: 'shop', patterns: '**' }))
  expect(await filesOf(kernel)).toEqual(['shop:small a.jpg'])
})

test('feeds the generators of its scope where no pattern is given', async () => {
  const directory = await folderWith(['media/a.jpg'])
  const kernel = kernelWith(directory, { for: 'blog:**', plugins: [globSources({ patterns: '**' })] })
  expect(await filesOf(kernel)).toEqual(['blog:small a.jpg'])
})

test('feeds all generators from the outermost scope', async () => {
  const directory = await folderWith(['originals/b/a.jpg'])
  const kernel = kernelWith(directory, globSources({ patterns: 'b/*', directory: 'originals' }))
  expect(await filesOf(kernel)).toEqual(['blog:small b/a.jpg', 'shop:small b/a.jpg'])
})

test('never takes derivatives for originals', async () => {
  const directory = await folderWith(['media/a.jpg', 'media/CACHE/images/a/0.jpg'])
  const kernel = kernelWith(directory, globSources({ for: 'shop', patterns: '**', ignore: 'b' }))
  expect(await filesOf(kernel)).toEqual(['shop:small a.jpg'])
})

test('ties the sources that it would enumerate to their generators', async () => {
  const directory = await folderWith(['media/a.jpg', 'media/a.txt'])
  const kernel = kernelWith(directory, globSources({ for: 'shop', patterns: '**/*.jpg' }))
  expect(await kernel.sourceSaved('a.jpg')).toMatchObject([{ file: { generator: { id: 'shop:small' } } }])
  expect(await kernel.sourceSaved('a.txt')).toEqual([])
})

test('tells nothing any more once the kernel is closed', async () => {
  const directory = await folderWith(['media/a.jpg'])
  const kernel = kernelWith(directory, globSources({ patterns: '**' }))
  await kernel.close()
  expect(await filesOf(kernel)).toEqual([])
})

test('warns of a file whose name cannot be that of a source, and tells the others', async () => {
  const directory = await folderWith(['media/a.jpg', 'media/b\u0007.jpg'])
  const kernel = kernelWith(directory, globSources({ for: 'shop', patterns: '**' }))
  const warnings: string[] = []
  kernel.events.on('warning', ({ message }) => warnings.push(message))
  expect(await filesOf(kernel)).toEqual(['shop:small a.jpg'])
  expect(warnings).toEqual([expect.stringContaining('b\\u0007.jpg')])
})

test('holds no list of the sources', async () => {
  const directory = await folderWith(Array.from({ length: 2000 }, (_, index) => `media/${index % 20}/${index}.jpg`))
  const kernel = kernelWith(directory, globSources({ for: 'shop', patterns: '**' }))
  let told = 0
  for await (const _ of kernel.files()) {
    told += 1
    // What is moved away meanwhile is not told any more: it had not been looked at.
    if (told === 1) await rename(join(directory, 'media'), join(directory, 'moved'))
  }
  expect(told).toBeLessThan(300)
})
