import { expect, test } from 'vitest'
import { brokenLinks, mistakesInCode, type Page, pages } from './documentation.ts'

const all = pages()

test.each(all)('every link of $path leads to something', (page) => {
  expect(brokenLinks(page)).toEqual([])
})

test('a link to no file, or to no heading, is found', () => {
  const text =
    '[a](docs) [b](docs/no.md) [c](#here) [d](#there) [e](README.md#no-such) [f](https://example.com/x)\n## Here!'
  const page = { path: 'CONTRIBUTING.md', text }
  expect(brokenLinks(page)).toEqual(['docs/no.md', '#here', '#there', 'README.md#no-such'])
})

test('all code of the documentation compiles', { timeout: 120_000 }, () => {
  const wrong = page(
    "import { loadKernel, loadKernal } from '@latent-image/config'",
    'await (await loadKernel()).file(1).urls()',
    'fsStorage({ rot: 1 })',
    'memryStorage()',
  )
  const mistakes = mistakesInCode([...all, wrong])
  expect(mistakes.filter((mistake) => !mistake.startsWith('docs/.documentation/docs-wrong.md/'))).toEqual([])
  expect(mistakes).toEqual([
    expect.stringMatching(/:1: .*loadKernal/),
    expect.stringMatching(/:2: .*string/),
    expect.stringMatching(/:2: .*urls/),
    expect.stringMatching(/:3: .*rot/),
    expect.stringMatching(/:4: .*memryStorage/),
  ])
})

/** A page with one block of these lines. */
function page(...lines: string[]): Page {
  return { path: 'docs/wrong.md', text: ['```ts', ...lines, '```', ''].join('\n') }
}
