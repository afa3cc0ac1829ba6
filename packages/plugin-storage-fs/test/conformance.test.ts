import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFsStorage } from '@latent-image/plugin-storage-fs'
import { storageConformance } from '@latent-image/testkit'
import { test } from 'vitest'

const cases = storageConformance(async (defer) => {
  const root = await mkdtemp(join(tmpdir(), 'latent-image-'))
  defer(() => rm(root, { recursive: true, force: true }))
  return createFsStorage({ root, baseUrl: '/media/' })
})

for (const { name, run } of cases) test(name, run)
