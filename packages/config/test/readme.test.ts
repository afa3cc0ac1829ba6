import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { loadKernel } from '../src/index.ts'
import { folderWith, pluginModule } from './config-folder.ts'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

/** The block of code that has this in it. */
function block(language: string, part: string): string {
  const blocks = Array.from(readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm))
  const found = blocks.find(([, its, code]) => its === language && code?.includes(part))
  return found?.[2] ?? ''
}

test('the README’s config as data works, with a processor of one’s own', async () => {
  const pixel = { width: 1, height: 1, channels: 3, background: { r: 200, g: 100, b: 50 } } as const
  const cwd = await folderWith({
    'package.json': '{ "type": "module" }',
    'our-plugin.ts': pluginModule,
    'dimmed.js': block('js', 'acme:dimmed'),
    'latent-image.config.json': block('json', 'acme:dimmed'),
  })
  const kernel = await loadKernel({ cwd })
  onTestFinished(() => kernel.close())
  await kernel.source('a.png').save(await sharp({ create: pixel }).png().toBuffer())
  const made = await kernel.file('profile:absent', { source: 'a.png' }).bytes()
  const [red] = await sharp(made).raw().toBuffer()
  expect(Math.abs((red ?? 0) - 60)).toBeLessThan(5)
})
