import { imageSpec, resizeToFit } from '@latent-image/spec'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { animation, blue, plain, quarters, red } from './pictures.ts'

const source = await quarters(400, 200).jpeg().toBuffer()

test('a ThumbHash is kept among the facts', async () => {
  const { facts } = await imageSpec({ processors: [resizeToFit(100)], placeholder: true }).generate(source)
  expect(facts).toMatchObject({ width: 100, height: 50 })
  const hash = Buffer.from(String(facts.placeholder), 'base64')
  expect(hash.length).toBeGreaterThan(15)
  expect(hash.length).toBeLessThan(30)
  // The highest bit of the fifth byte tells a landscape.
  expect((hash[4] ?? 0) >> 7).toBe(1)
})

test('a tiny picture is kept as a data URI', async () => {
  const { facts } = await imageSpec({ processors: [resizeToFit(100)], placeholder: 'inline' }).generate(source)
  const [head, body = ''] = String(facts.placeholder).split(',')
  expect(head).toBe('data:image/webp;base64')
  expect(await sharp(Buffer.from(body, 'base64')).metadata()).toMatchObject({ width: 20, height: 10, format: 'webp' })
})

test('a placeholder changes no byte of the picture', async () => {
  const processors = [resizeToFit(100)]
  const without = await imageSpec({ processors, format: 'webp' }).generate(source)
  const beside = await imageSpec({ processors, format: 'webp', placeholder: true }).generate(source)
  expect(Buffer.compare(without.data, beside.data)).toBe(0)
})

test('facts that got lost come back with their placeholder', async () => {
  const spec = imageSpec({ processors: [resizeToFit(100)], format: 'png', placeholder: true })
  const { data, facts } = await spec.generate(source)
  expect(await spec.inspect(data)).toEqual(facts)
})

test('a dynamic spec knows whether there was a placeholder once it is told of what', async () => {
  const spec = imageSpec<{ kind: 'inline' | false }>(({ name }, { kind }) => ({
    format: name === 'logo.png' ? 'png' : 'webp',
    placeholder: kind,
  }))
  const source = { name: 'logo.png' }
  const open = async () => quarters(20, 10).png().toBuffer()
  const input = {
    source: { ...source, open },
    params: { kind: 'inline' },
    signal: AbortSignal.timeout(60_000),
  } as const
  const { data, facts } = await spec.generate(input)
  expect(await spec.inspect(data, { source, params: { kind: 'inline' } })).toEqual(facts)
  expect(await spec.inspect(data, { source, params: { kind: false } })).not.toHaveProperty('placeholder')
  expect(await spec.inspect(data)).toEqual({ width: 20, height: 10, type: 'image/png' })
})

test('an animation has the placeholder of its first frame', async () => {
  const frames = await imageSpec({ format: 'gif', placeholder: true }).generate(await animation(20, 10, [red, blue]))
  const first = await imageSpec({ format: 'gif', placeholder: true }).generate(
    await plain(20, 10, red).gif().toBuffer(),
  )
  expect(frames.facts.frames).toBe(2)
  expect(frames.facts.placeholder).toBe(first.facts.placeholder)
})

test('the placeholder of a JPEG shows white where it was transparent', async () => {
  const clear = await plain(20, 20, { r: 0, g: 0, b: 0, alpha: 0 }).png().toBuffer()
  const white = await plain(20, 20, { r: 255, g: 255, b: 255 }).png().toBuffer()
  const spec = imageSpec({ format: 'jpeg', placeholder: true })
  const [one, other] = await Promise.all([spec.generate(clear), spec.generate(white)])
  expect(one.facts.placeholder).toBe(other.facts.placeholder)
})

test('the kind of placeholder is part of the fingerprint', () => {
  expect(imageSpec({ placeholder: true }).fingerprint).toEqual({ processors: [], placeholder: 'thumbhash' })
  expect(imageSpec({ placeholder: 'thumbhash' }).fingerprint).toEqual(imageSpec({ placeholder: true }).fingerprint)
  expect(imageSpec({ placeholder: false }).fingerprint).toEqual(imageSpec({}).fingerprint)
})

test('refuses another kind', () => {
  expect(() => imageSpec({ placeholder: 'blurhash' as 'inline' })).toThrowError(
    expect.objectContaining({ code: 'INVALID_SPEC' }),
  )
})
