import { defineConfig } from 'vitest/config'

const conditions = ['@latent-image/source']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    setupFiles: ['test/seed.ts'],
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    // Generous, so that no result depends on what else the machine does.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One worker for each core: by default one core is left idle, which is half of a small machine.
    maxWorkers: '100%',
  },
})
