import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKernel } from '@latent-image/kernel'
import { immediate } from '@latent-image/plugin-backend-immediate'
import { keyvCache } from '@latent-image/plugin-cache-keyv'
import { fsStorage } from '@latent-image/plugin-storage-fs'
import { jit } from '@latent-image/plugin-strategy-jit'
import { imageSpec, resizeToFill } from '@latent-image/spec'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, test } from 'vitest'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'latent-image-replaced-'))
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** The channel that dominates a picture of one color. */
async function colorOf(picture: Uint8Array): Promise<string | undefined> {
  const { channels } = await sharp(picture).stats()
  const means = channels.slice(0, 3).map(({ mean }) => mean)
  return ['red', 'lime', 'blue'][means.indexOf(Math.max(...means))]
}

test.each(['webp', 'jpeg', 'png'] as const)('a %s replaced under its name is never seen again', async (format) => {
  const generators = { thumbnail: imageSpec({ processors: [resizeToFill(20, 20)], format }) }
  const kernel = createKernel(
    { plugins: [fsStorage({ root: '.' }), keyvCache(), immediate(), jit()], generators },
    { directory },
  )
  const source = `photo.${format}`
  const file = kernel.file('thumbnail', { source })
  for (const background of ['red', 'lime', 'blue', 'red']) {
    const picture = sharp({ create: { width: 64, height: 64, channels: 3, background } }).toFormat(format)
    await kernel.source(source).save(await picture.toBuffer())
    expect(await Promise.all(Array.from({ length: 5 }, async () => colorOf(await file.bytes())))).toEqual(
      Array(5).fill(background),
    )
  }
  await kernel.close()
})
