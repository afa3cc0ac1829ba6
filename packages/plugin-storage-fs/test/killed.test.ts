import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createFsStorage } from '../src/index.ts'
import { removeOldTemporaryFiles } from '../src/janitor.ts'
import { RootFolder } from '../src/root-folder.ts'
import { isTemporaryName } from '../src/temporary-name.ts'
import { start } from './programs/run-program.ts'
import { temporaryFolder } from './temporary-folder.ts'

const kills = 100
const atOnce = 2

test(`${kills} kills in the middle of writing leave no torn file under a final name`, {
  timeout: 120_000,
}, async () => {
  const root = await temporaryFolder()
  const storage = createFsStorage({ root })
  let temporary = 0
  for (let round = 0; round < kills; round += atOnce) {
    await Promise.all([killOneWriter(root, round), killOneWriter(root, round + 1)])
    for await (const key of storage.list()) {
      const data = await storage.read(key)
      const whole = new Uint8Array(300_000).fill(data[0] ?? 0)
      expect(Buffer.compare(data, whole), `${key} has ${data.length} bytes`).toBe(0)
    }
    temporary = await countTemporaryFiles(root)
  }
  expect(temporary, 'no kill came in the middle of a write').toBeGreaterThan(kills / 10)

  const twoHours = 2 * 60 * 60 * 1000
  await removeOldTemporaryFiles(new RootFolder(root), Date.now() + twoHours)
  expect(await countTemporaryFiles(root)).toBe(0)
})

async function killOneWriter(root: string, round: number): Promise<void> {
  const writer = start('write-for-ever', root, String(round))
  await once(writer.stdout, 'data')
  await wait(Math.random() * 10)
  writer.kill('SIGKILL')
  await once(writer, 'close')
}

async function countTemporaryFiles(root: string): Promise<number> {
  const names = await readdir(root, { recursive: true, withFileTypes: true })
  return names.filter(({ name }) => isTemporaryName(name)).length
}
