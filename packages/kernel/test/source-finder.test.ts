import { expect, test } from 'vitest'
import { createKernel, type Plugin } from '../src/index.ts'
import { codeOf, jit, pixels, World } from './support/world.ts'

test('a source that nobody knows is the fault of the source', async () => {
  const thumb = new World().process().thumb('nobody.jpg')
  await expect(thumb.bytes()).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND', fault: 'source' })
})

test('a source that vanishes before it is opened does not exist', async () => {
  const world = new World()
  const open = async () => {
    throw Object.assign(new Error('There is none.'), { code: 'ENOENT' })
  }
  const file = world.process().kernel.file('thumb', { source: { name: 'own.jpg', open } })
  expect(await codeOf(file.bytes())).toBe('SOURCE_NOT_FOUND')
})

test('a source that takes too long is the fault of the source', async () => {
  const process = new World().process({ state: { source: 5 } })
  const file = process.kernel.file('thumb', { source: { name: 'slow.jpg', open: () => new Promise(() => undefined) } })
  await expect(file.bytes()).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT', fault: 'source' })
})

test('a source whose open throws at once is unreadable, and nothing more', async () => {
  const open = () => {
    throw new Error('no')
  }
  const file = new World().process().kernel.file('thumb', { source: { name: 'own.jpg', open } })
  expect(await codeOf(file.bytes())).toBe('SOURCE_UNREADABLE')
  await new Promise((resolve) => setImmediate(resolve))
})

test('a source that fails by a misuse of the kernel is unreadable', async () => {
  const process = new World().process()
  const open = () => process.kernel.file('thumb').bytes()
  const file = process.kernel.file('thumb', { source: { name: 'own.jpg', open } })
  await expect(file.bytes()).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE', cause: { code: 'MISSING_SOURCE' } })
})

test('a source with bytes of its own is not looked for', async () => {
  const open = async () => new TextEncoder().encode('own')
  const file = new World().process().kernel.file('thumb', { source: { name: 'nobody.jpg', open } })
  expect(await pixels(file)).toBe('thumb of own')
})

test('who could know sources is missed', async () => {
  const world = new World()
  const bare: Plugin = {
    name: 'bare',
    apply: ({ hooks }) => {
      hooks.storage.tap('bare', () => world.stored)
      hooks.cache.tap('bare', () => world.cache)
    },
  }
  const definition = {
    source: 'required',
    fingerprint: 'bare',
    generate: async () => ({ data: new Uint8Array(1), facts: { width: 1, height: 1, type: 'image/png' } }),
  } as const
  const kernel = createKernel({ plugins: [bare, jit()], generators: { bare: definition } })
  expect(await codeOf(kernel.file('bare', { source: 'kim.jpg' }).bytes())).toBe('MISSING_ROLE')
})

test('a derivative is made before what is made from it', async () => {
  const world = new World()
  const process = world.process()
  const icon = process.kernel.file('icon', { source: process.thumb() })
  expect(await pixels(icon)).toBe('icon of thumb of kim 1')
})

/** A derivative of a derivative, whose inner file vanishes when its generator reads it for the first time. */
function vanishing() {
  const world = new World()
  const process = world.process()
  const thumb = process.thumb()
  let reads = 0
  world.before = async (call, key) => {
    // The first read requires the content, the second one is that of the generator.
    if (call === 'read' && key === thumb.name && ++reads === 2) await world.stored.delete(key)
  }
  return process.kernel.file('icon', { source: thumb })
}

test('a derivative that vanishes while it is read is the machine’s fault, and made again at the next use', async () => {
  const icon = vanishing()
  expect(await codeOf(icon.generate())).toBe('SOURCE_UNREADABLE')
  expect(await pixels(icon)).toBe('icon of thumb of kim 1')
})

test('a reader does not notice that a derivative vanished while it was read', async () => {
  expect(await pixels(vanishing())).toBe('icon of thumb of kim 1')
})
