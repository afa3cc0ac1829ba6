import { asyncBackend } from '@latent-image/plugin-backend-async'
import { backendConformance } from '@latent-image/testkit'
import { test } from 'vitest'

for (const { name, run } of backendConformance(() => asyncBackend({ pause: 1 }))) test(name, run)
