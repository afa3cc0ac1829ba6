import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKernel } from '@latent-image/kernel'
import { immediate } from '@latent-image/plugin-backend-immediate'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { fsStorage } from '@latent-image/plugin-storage-fs'
import { jit } from '@latent-image/plugin-strategy-jit'
import { imageSpec, resizeToFill, resizeToFit } from '@latent-image/spec'
import { afterAll, expect, test } from 'vitest'
import { badInputs } from '../packages/spec/test/bad-inputs.ts'

const inputs = await badInputs()
const directory = mkdtempSync(join(tmpdir(), 'latent-image-bad-inputs-'))
const kernel = createKernel(
  {
    plugins: [fsStorage({ root: '.' }), keyvCache(), immediate(), jit()],
    generators: {
      small: imageSpec({ processors: [resizeToFit(50)], format: 'webp' }),
      top: imageSpec({ processors: [resizeToFill(300, 20, { anchor: 'top' })], format: 'webp' }),
    },
  },
  { directory },
)

afterAll(async () => {
  await kernel.close()
  rmSync(directory, { recursive: true, force: true })
})

test.each(inputs.map((input) => [input.name, input] as const))('serves nothing of %s', async (name, { data, code }) => {
  for (const generator of ['small', 'top']) {
    const file = kernel.file(generator, { source: { name, open: async () => data } })
    expect(await file.exists()).toBe(false)
    expect(await file.describe()).toBeNull()
    await expect(file.bytes()).rejects.toMatchObject({ code })
    expect(await file.state()).toMatchObject({ state: 'failed' })
  }
  const left = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(left).toEqual([])
})
