import { runInNewContext } from 'node:vm'
import { builtInGenerators, imageSpec, type OpenImage, predictSize, watermark } from '@latent-image/spec'
import { testKernel } from '@latent-image/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { blue, decode, plain, red } from './pictures.ts'

const picture = await plain(8, 4, red).png().toBuffer()
const mark = await plain(8, 4, blue).png().toBuffer()

const another = runInNewContext('({ Uint8Array, ArrayBuffer })') as typeof globalThis

/** The same bytes, in each of their guises. */
const guises: [what: string, wear: (bytes: Uint8Array) => Uint8Array][] = [
  ['an array', (bytes) => Uint8Array.from(bytes)],
  ['a part of a buffer', (bytes) => Buffer.concat([Buffer.from('before'), bytes]).subarray(6)],
  ['an `ArrayBuffer`', (bytes) => Uint8Array.from(bytes).buffer as unknown as Uint8Array],
  ['another view', (bytes) => new DataView(Uint8Array.from(bytes).buffer) as unknown as Uint8Array],
  ['an array of another realm', (bytes) => new another.Uint8Array(bytes)],
  ['an `ArrayBuffer` of another realm', (bytes) => new another.Uint8Array(bytes).buffer as unknown as Uint8Array],
]

const nothing = (async () => 'text'.repeat(1000)) as unknown as () => Promise<Uint8Array>

const spec = imageSpec({ format: 'png' })

function fileOf(open: () => Promise<Uint8Array>) {
  const { kernel } = testKernel({ generators: { ...builtInGenerators, spec } })
  onTestFinished(() => kernel.close())
  return kernel.file('spec', { source: { name: 'a.png', open } })
}

const marked = (openImage: OpenImage) =>
  imageSpec({ processors: [watermark('mark.png')], format: 'png' }, { openImage })

test.each(guises)('a picture may come as %s', async (_, wear) => {
  expect((await spec.generate(wear(picture))).facts).toEqual({ width: 8, height: 4, type: 'image/png' })
  expect(await spec.inspect(wear(picture))).toEqual({ width: 8, height: 4, type: 'image/png' })
})

test.each(guises)('a source may open to %s', async (_, wear) => {
  const file = fileOf(async () => wear(picture))
  expect(await predictSize(file)).toEqual({ width: 8, height: 4 })
  expect(await file.metadata()).toMatchObject({ width: 8, height: 4 })
})

test.each(guises)('a watermark may open to %s', async (_, wear) => {
  const { data } = await marked(async () => wear(mark)).generate(picture)
  expect((await decode(data)).at(1, 1).slice(0, 3)).toEqual(Object.values(blue))
})

test('a source that opens to something else is the program’s mistake', async () => {
  const file = fileOf(nothing)
  const refused: unknown = await file.bytes().catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'INVALID_INPUT', fault: 'caller' })
  expect(String(refused).length).toBeLessThan(300)
  await expect(predictSize(file)).rejects.toMatchObject({ code: 'INVALID_INPUT', fault: 'caller' })
})

test('a watermark that opens to something else cannot be opened', async () => {
  await expect(marked(nothing).generate(picture)).rejects.toMatchObject({
    code: 'IMAGE_UNAVAILABLE',
    cause: { code: 'INVALID_INPUT' },
  })
})
