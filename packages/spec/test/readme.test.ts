import { readFile } from 'node:fs/promises'
import { defineProcessor, imageSpec, imageSpecFromData, resizeToFill, resizeToFit } from '@latent-image/spec'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { quarters } from './pictures.ts'

const bytes = await quarters(400, 300).jpeg().toBuffer()

// The README shows these statements as they stand here.
const card = imageSpec({
  processors: [resizeToFill(300, 200, { anchor: 'top' })],
  format: 'webp',
  options: { quality: 75 },
  placeholder: true,
})

const responsive = imageSpec((_source, { width }) => ({ processors: [resizeToFit(width)], format: 'webp' }), {
  params: { width: [320, 640, 1280] },
})

const written = imageSpecFromData({
  processors: [['resizeToFill', { width: 300, height: 200, anchor: 'top' }]],
  format: 'webp',
  options: { quality: 75 },
})

const dimmed = defineProcessor({
  name: 'acme:dimmed',
  version: 1, // raise it when the same options make other pixels: files get new names
  positional: ['by'],
  options: v.strictObject({ by: v.optional(v.number(), 0.5) }),
  apply: (picture, { by }) => picture.effect((image) => image.linear(by, 0)),
})

test('the README shows what works', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const own = await readFile(new URL(import.meta.url), 'utf8')
  const shown = [...readme.matchAll(/```js\n(const (?:card|responsive|written|dimmed) [\s\S]*?)```/g)].map(
    ([, code]) => code,
  )
  expect(shown).toHaveLength(4)
  for (const code of shown) expect(own).toContain(code)
})

test('the specs of the README make what it says', async () => {
  const { facts } = await card.generate(bytes)
  expect(facts).toEqual({ width: 300, height: 200, type: 'image/webp', placeholder: expect.any(String) })
  expect(card.predict({ width: 4000, height: 3000 })).toEqual({ width: 300, height: 200 })
  expect((await responsive.generate(bytes, { width: 320 })).facts.width).toBe(320)
  expect((await written.generate(bytes)).facts).toEqual({ width: 300, height: 200, type: 'image/webp' })
  expect((await imageSpec({ processors: [dimmed(0.3)] }).generate(bytes)).facts.width).toBe(400)
})
