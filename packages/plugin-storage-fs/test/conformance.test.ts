import { storageConformance } from '@latent-image/testkit'
import { test } from 'vitest'
import { createFsStorage } from '../src/index.ts'
import { temporaryFolder } from './temporary-folder.ts'

for (const { name, run } of storageConformance(async () => createFsStorage({ root: await temporaryFolder() }))) {
  test(name, run)
}
