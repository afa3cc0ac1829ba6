import type { ImageCacheFile, JsonValue } from '@latent-image/kernel'
import {
  type AnyProcessor,
  builtInGenerators,
  defineProcessor,
  grayscale,
  imageSpec,
  imageSpecFromData,
  predictSize,
  resizeToFill,
  resizeToFit,
  type SpecContent,
  type SpecDataSettings,
  thumbnailGenerator,
  trimBorderColor,
} from '@latent-image/spec'
import { testKernel } from '@latent-image/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { blue, decode, green, plain, quarters } from './pictures.ts'

const jpeg = await quarters(400, 300).withMetadata({ orientation: 6 }).jpeg().toBuffer()

function prepared() {
  return testKernel({
    generators: {
      ...builtInGenerators,
      card: imageSpec({ processors: [resizeToFit(100)], format: 'webp', placeholder: true }),
      same: imageSpec({ processors: [resizeToFit(100)] }),
      trimmed: imageSpec({ processors: [trimBorderColor()] }),
      responsive: imageSpec((_source, { width }) => ({ processors: [resizeToFill(width, width)] }), {
        params: { width: [20, 40] },
      }),
    },
  })
}

async function withPicture() {
  const world = prepared()
  await world.kernel.source('a.jpg').save(jpeg)
  return world
}

test('a file is named by its format', async () => {
  const { kernel } = prepared()
  expect(kernel.file('card', { source: 'a.jpg' }).name).toMatch(/\.webp$/)
  expect(kernel.file('same', { source: 'a.png' }).name).toMatch(/\.png$/)
  await kernel.close()
})

test('a file has the facts and the placeholder of its picture', async () => {
  const { kernel } = await withPicture()
  const described = await kernel.file('card', { source: 'a.jpg' }).describe()
  expect(described).toMatchObject({ width: 100, height: 133, type: 'image/webp', placeholder: expect.any(String) })
  await kernel.close()
})

test('a placeholder outlives what is known of its file, of a dynamic spec too', async () => {
  const generators = {
    card: imageSpec((_source, { width }) => ({ processors: [resizeToFit(width)], format: 'png', placeholder: true }), {
      params: { width: [20, 40] },
    }),
  }
  const { kernel, originals, storage } = testKernel({ generators })
  await kernel.source('a.jpg').save(jpeg)
  const described = await kernel.file('card', { source: 'a.jpg', params: { width: 40 } }).describe()
  const { kernel: restarted } = testKernel({ generators }, { originals, storage })
  const file = restarted.file('card', { source: 'a.jpg', params: { width: 40 } })
  expect(await file.describe()).toEqual(described)
  expect(described).toHaveProperty('placeholder')
  await Promise.all([kernel.close(), restarted.close()])
})

test('params make files of their own, and must be declared', async () => {
  const { kernel } = await withPicture()
  const file = kernel.file('responsive', { source: 'a.jpg', params: { width: 40 } })
  expect(await file.width()).toBe(40)
  expect(() => kernel.file('responsive', { source: 'a.jpg', params: { width: 41 as 40 } })).toThrowError(
    expect.objectContaining({ code: 'INVALID_PARAMS' }),
  )
  await kernel.close()
})

test('thumbnails need no definition of one’s own', async () => {
  const { kernel } = await withPicture()
  const file = kernel.file('latent-image:thumbnail', { source: 'a.jpg', params: { width: 30, height: 30 } })
  expect(await file.metadata()).toMatchObject({ width: 30, height: 30, type: 'image/jpeg' })
  expect(file.generator.definition).toBe(thumbnailGenerator)
  await kernel.close()
})

test('the size of a file is foretold without making it', async () => {
  const { kernel } = await withPicture()
  const file = kernel.file('card', { source: 'a.jpg' })
  const size = await predictSize(file)
  expect(size).toEqual({ width: 100, height: 133 })
  expect(await file.state()).toMatchObject({ state: 'absent' })
  expect(await file.metadata()).toMatchObject(size ?? {})
  await kernel.close()
})

test('a source is measured once, and again when it has changed', async () => {
  const { kernel, originals } = await withPicture()
  let reads = 0
  const open = () => {
    reads++
    return originals.read('a.jpg')
  }
  const counted = { name: 'b.jpg', open }
  const file = () => kernel.file('card', { source: counted })
  await predictSize(file())
  await predictSize(file())
  expect(reads).toBe(1)

  await kernel.source('a.jpg').save(await plain(50, 40).jpeg().toBuffer())
  const changed = await predictSize(kernel.file('card', { source: 'a.jpg' }))
  expect(changed).toEqual({ width: 50, height: 40 })
  await kernel.close()
})

test('the size is foretold of every source that the spec makes something of', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>')
  const tooMany = { bytes: jpeg.byteLength - 1 }
  const { kernel } = testKernel({
    generators: {
      ...builtInGenerators,
      strict: imageSpec({ processors: [resizeToFit(10)], format: 'png' }),
      vector: imageSpec({ processors: [resizeToFit(10)], format: 'png', limits: { svg: true } }),
      small: imageSpec({ format: 'png', limits: tooMany }),
      chosen: imageSpec(({ name }) => ({ format: 'png', limits: { svg: name === 'a.svg' } })),
    },
  })
  await kernel.source('a.svg').save(svg)
  await kernel.source('a.jpg').save(jpeg)
  const size = (id: string, source: string) => predictSize(kernel.file(id, { source }))
  expect(await size('vector', 'a.svg')).toEqual({ width: 10, height: 5 })
  expect(await size('chosen', 'a.svg')).toEqual({ width: 40, height: 20 })
  expect(await size('strict', 'a.svg')).toBeUndefined()
  expect(await size('small', 'a.jpg')).toBeUndefined()
  expect(await size('chosen', 'a.jpg')).toEqual({ width: 300, height: 400 })
  await kernel.close()
})

test('nothing is foretold where nobody can tell', async () => {
  const { kernel } = await withPicture()
  const measured = kernel.file('latent-image:source-size', { source: 'a.jpg' })
  expect(await predictSize(kernel.file('trimmed', { source: 'a.jpg' }))).toBeUndefined()
  expect(await predictSize(measured)).toBeUndefined()
  expect(await predictSize(kernel.file('card'))).toBeUndefined()
  const missing = { source: 'missing.jpg' }
  expect(await predictSize(kernel.file('card', missing))).toBeUndefined()
  await kernel.close()
})

test('a file travels as plain data to where its processors are known, and elsewhere the unknown one is named', async () => {
  const grey = defineProcessor({ ...grayscale.definition, name: 'acme:grey' })
  const { kernel: first, originals } = await withPicture()
  await first.close()
  const worker = (use: readonly AnyProcessor[]) => {
    const content = imageSpec<SpecContent & JsonValue>((_source, written) => written, { use })
    const { kernel } = testKernel({ generators: { content } }, { originals })
    onTestFinished(() => kernel.close())
    return kernel
  }
  const params = { processors: [{ ...grey() }], format: 'png' }
  const travelling = JSON.stringify(worker([grey]).file('content', { source: 'a.jpg', params }).reference)
  expect(await worker([grey]).fileFrom(JSON.parse(travelling)).width()).toBe(300)
  expect(() => worker([]).fileFrom(JSON.parse(travelling))).toThrowError(
    expect.objectContaining({ code: 'UNKNOWN_PROCESSOR', message: expect.stringContaining('acme:grey') }),
  )
})

/** A spec written as data that lays `mark.png` over the source, in a kernel that has only `a.jpg`. */
async function marked(settings: SpecDataSettings = {}) {
  const data = {
    processors: [
      ['resize', { width: 20, height: 20 }],
      ['watermark', { image: 'mark.png' }],
    ],
    format: 'png',
  }
  const { kernel } = testKernel({ generators: { marked: imageSpecFromData(data, settings) } })
  await kernel.source('a.jpg').save(jpeg)
  onTestFinished(() => kernel.close())
  return { kernel, file: kernel.file('marked', { source: 'a.jpg' }) }
}

async function cornerOf(file: ImageCacheFile) {
  return (await decode(await file.bytes())).at(19, 19).slice(0, 3)
}

test('a watermark is found where sources are', async () => {
  const { kernel, file } = await marked()
  await kernel.source('mark.png').save(await plain(4, 4, blue).png().toBuffer())
  expect(await cornerOf(file)).toEqual(Object.values(blue))
})

test('a watermark is found where the spec says, if it says so', async () => {
  const green4 = await plain(4, 4, green).png().toBuffer()
  const { kernel, file } = await marked({ openImage: async () => green4 })
  await kernel.source('mark.png').save(await plain(4, 4, blue).png().toBuffer())
  expect(await cornerOf(file)).toEqual(Object.values(green))
})

test('a watermark that is not there is not the source’s fault, and found once it is', async () => {
  const { kernel, file } = await marked()
  await expect(file.bytes()).rejects.toMatchObject({
    code: 'IMAGE_UNAVAILABLE',
    fault: 'machine',
    cause: { code: 'FILE_NOT_FOUND' },
  })
  expect(await file.state()).toMatchObject({ state: 'absent' })
  await kernel.source('mark.png').save(await plain(4, 4, blue).png().toBuffer())
  expect(await cornerOf(file)).toEqual(Object.values(blue))
})

test('a broken source is a failure of its files', async () => {
  const { kernel } = prepared()
  await kernel.source('b.jpg').save(jpeg.subarray(0, 500))
  await expect(kernel.file('card', { source: 'b.jpg' }).bytes()).rejects.toMatchObject({ code: 'SOURCE_BROKEN' })
  expect(await kernel.file('card', { source: 'b.jpg' }).state()).toMatchObject({ state: 'failed' })
  await kernel.close()
})
