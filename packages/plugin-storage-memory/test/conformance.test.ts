import { createMemoryStorage } from '@latent-image/plugin-storage-memory'
import { storageConformance } from '@latent-image/testkit'
import { test } from 'vitest'

for (const { name, run } of storageConformance(() => createMemoryStorage())) test(name, run)
