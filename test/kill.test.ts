import { fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, test } from 'vitest'

const program = fileURLToPath(new URL('programs/generate-for-ever.mjs', import.meta.url))
const photo = fileURLToPath(new URL('../examples/quickstart/media/photos/dawn.jpg', import.meta.url))
const kills = 100
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latent-image-kill-'))
  copyFileSync(photo, join(folder, 'photo.jpg'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function startAndKill(moment: number): Promise<void> {
  const child = fork(program, [folder], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  expect(message).toBe('under way')
  await delay(moment)
  child.kill('SIGKILL')
  await once(child, 'exit')
}

test(`${kills} kills at random moments leave no torn or empty file under a final name`, {
  timeout: 300_000,
}, async () => {
  for (let kill = 0; kill < kills; kill += 4) {
    await Promise.all(Array.from({ length: 4 }, () => startAndKill(Math.random() * 100)))
  }

  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => /[\\/][0-9a-f]{32}\.(jpg|webp|png)$/.test(name))
  expect(files.length).toBeGreaterThan(0)
  for (const name of files) {
    const { info } = await sharp(readFileSync(join(folder, name)), { failOn: 'warning' })
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(info.width).toBeGreaterThan(0)
  }
})
