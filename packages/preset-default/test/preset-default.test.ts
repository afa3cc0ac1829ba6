import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKernel, type GeneratorDefinition } from '@latent-image/kernel'
import { expect, onTestFinished, test } from 'vitest'
import { presetDefault } from '../src/index.ts'

const copy: GeneratorDefinition = {
  source: 'required',
  fingerprint: 'copy',
  generate: async ({ source }) => ({
    data: (await source?.open()) ?? new Uint8Array(),
    facts: { width: 1, height: 1, type: 'image/png' },
  }),
}

async function kernelOf(preset: ReturnType<typeof presetDefault>) {
  const directory = await mkdtemp(join(tmpdir(), 'latent-image-preset-'))
  const kernel = createKernel({ generators: { copy } }, { directory, preset })
  onTestFinished(async () => {
    await kernel.close()
    await rm(directory, { recursive: true })
  })
  return { kernel, directory }
}

test('serves every role', async () => {
  const { kernel } = await kernelOf(presetDefault())
  await kernel.source('a.png').save(new Uint8Array([1, 2, 3]))
  const file = kernel.file('copy', { source: 'a.png' })
  expect(await file.bytes()).toEqual(new Uint8Array([1, 2, 3]))
  expect(await file.state()).toMatchObject({ state: 'exists' })
})

test('hands options on to its plugins', async () => {
  const preset = presetDefault({
    storage: { root: 'pictures', baseUrl: '/pictures/' },
    cache: {},
    backend: { concurrency: 1 },
  })
  const { kernel, directory } = await kernelOf(preset)
  await kernel.source('a.png').save(new Uint8Array([1]))
  const file = kernel.file('copy', { source: 'a.png' })
  expect(await file.path()).toBe(join(directory, 'pictures', String(file)))
  expect(await file.url()).toBe(`/pictures/${file}`)
})

test('refuses an unknown option, and those that a plugin refuses', () => {
  // @ts-expect-error -- an unknown key
  expect(() => presetDefault({ storge: {} })).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS' }))
  expect(() => presetDefault({ backend: { concurrency: 0 } })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTIONS' }),
  )
})
