import { storageConformance } from '@latent-image/testkit'
import { test } from 'vitest'
import { createMemoryStorage } from '../src/index.ts'

for (const { name, run } of storageConformance(() => createMemoryStorage())) test(name, run)
