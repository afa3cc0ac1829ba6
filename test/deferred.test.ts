import { createKernel, type GeneratorDefinition, type Plugin, type Scope } from '@latent-image/kernel'
import { asyncBackend } from '@latent-image/plugin-backend-async'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { memoryStorage } from '@latent-image/plugin-storage-memory'
import { optimistic } from '@latent-image/plugin-strategy-optimistic'
import { expect, test } from 'vitest'

/** A generator that makes its image when it is told to. */
function held(): { definition: GeneratorDefinition; release: () => void } {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const definition: GeneratorDefinition = {
    source: 'required',
    fingerprint: 'held',
    generate: async () => {
      await released
      return { data: new Uint8Array([1]), facts: { width: 1, height: 1, type: 'image/jpeg' } }
    },
  }
  return { definition, release }
}

const onSave: Plugin = {
  name: 'on-save',
  apply({ hooks }: Scope) {
    hooks.sourceSaved.tapPromise('on-save', (file) => file.generate())
  },
}

async function existsWhileOnItsWay(strategy: Plugin): Promise<{ before: boolean; after: boolean }> {
  const { definition, release } = held()
  const kernel = createKernel({
    plugins: [strategy, asyncBackend(), memoryStorage(), keyvCache()],
    generators: { thumbnail: definition },
  })
  const source = 'kim.jpg'
  await kernel.source(source).save(new Uint8Array([1]))
  await kernel.sourceSaved(source, { for: 'thumbnail' })
  const file = kernel.file('thumbnail', { source })
  const before = await file.exists()
  release()
  await kernel.idle()
  const after = await file.exists()
  await kernel.close()
  return { before, after }
}

test('behind a deferred backend, the optimistic strategy says that a file exists before it does', async () => {
  expect(await existsWhileOnItsWay(optimistic())).toEqual({ before: true, after: true })
})

test('behind a deferred backend, a strategy that generates on save says that a file exists when it does', async () => {
  expect(await existsWhileOnItsWay(onSave)).toEqual({ before: false, after: true })
})
